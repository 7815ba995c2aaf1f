package lossmith.proofs.known;

import io.vavr.Tuple2;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Columns;

/**
 * Which differences from a known objective people make by mistake, and in how many terms they
 * differ. A function, a column, a factor or a bonus that the known one has not, and another number,
 * are an invention of one's own and no mistake.
 *
 * @param what what it is called
 * @param size how many terms differ
 */
record MistakenFor(String what, int size) {
  private static final Set<String> COLUMNS =
      HashSet.of(
          Columns.LOG_PI,
          Columns.LOG_PROB,
          Columns.OLD_LOG_PROB,
          Columns.REFERENCE_LOG_PROB,
          Columns.REFERENCE_LOG_PI,
          Columns.ROLLOUT_LOG_PROB,
          Columns.REWARD,
          Columns.TOKEN_REWARD,
          Columns.VALUE,
          Columns.SIGN,
          Columns.ENTROPY,
          "advantage",
          "return",
          "old_value");

  private static final String SIGN = "the sign is turned";
  private static final String QUOTIENT = "a quotient is turned upside down";

  /** Rewards and probabilities differ by no more, as a rule. */
  private static final double UNIT = 1;

  /** Functions that are forgotten, or applied where none belongs. */
  static final Set<String> FUNCTIONS =
      HashSet.of("exp", "log", "square", "sqrt", "abs", "softplus", "sigmoid", "sign", "floor");

  /**
   * What kind of mistake a difference is; nothing where it is none. Of a product and of a mean the
   * sign does not stand in one place, so that both are compared without it as well.
   */
  static Option<MistakenFor> of(OnlyDifference difference) {
    TermForm turned = negated(difference.known());
    boolean signed = difference.own().is(TermForm.NEGATED) && !turned.is(TermForm.NEGATED);
    return here(difference)
        .orElse(
            () -> signed ? here(difference.of(difference.own().first(), turned)) : Option.none());
  }

  private static Option<MistakenFor> here(OnlyDifference difference) {
    TermForm own = difference.own();
    TermForm known = difference.known();
    if (own.bare() == known.bare() || same(own.stopped(), known.stopped())) {
      return said("what is held constant is another", 1);
    }
    return turned(own, known)
        .orElse(() -> isBound(difference) ? Option.none() : exchanged(own, known))
        .orElse(() -> Forgotten.onlyCoefficient(own, known))
        .orElse(() -> Forgotten.between(own, known, difference.outermost()))
        .orElse(() -> added(own, known, difference))
        .orElse(() -> OtherOperation.between(own, known, difference.outermost()))
        .orElse(() -> OtherFactor.between(own, known));
  }

  /** Whether what stands there is the negative of the known term. */
  boolean isSign() {
    return what.equals(SIGN);
  }

  /** Whether what stands there is the known term the other way round. */
  boolean turns() {
    return isSign() || what.equals(QUOTIENT);
  }

  /** Whether other tokens are averaged, which may be meant. */
  boolean selects() {
    return what.equals(Forgotten.CONDITION);
  }

  static Option<MistakenFor> said(String what, int size) {
    return Option.some(new MistakenFor(what, size));
  }

  static boolean same(TermForm one, TermForm other) {
    return OnlyDifference.between(one, other).isEmpty();
  }

  private static boolean isOf(TermForm whole, String word, TermForm inner) {
    return whole.is(word) && same(whole.first(), inner);
  }

  /** Signs, quotients, conditions. */
  private static Option<MistakenFor> turned(TermForm own, TermForm known) {
    if (same(negated(own), known)) {
      return own.isNumber() && !own.isConstant() ? Option.none() : said(SIGN, 1);
    }
    if (same(Shapes.inverse(own, own.node()), known) && !own.isNumber()) {
      return said(QUOTIENT, 1);
    }
    if (own.is("not") ? isOf(own, "not", known) : isOf(known, "not", own)) {
      return said("a condition is turned", 1);
    }
    TermForm one = TermForm.constant(1, known.node());
    TermForm rest = Shapes.sum(known.node(), one, Shapes.negated(known, known.node()));
    return same(rest, own) && !own.isNumber()
        ? said("a share is taken from the other end", 1)
        : Option.none();
  }

  /** Where a clip ends is a choice. */
  private static boolean isBound(OnlyDifference difference) {
    return difference.own().isNumber()
        && difference.around().exists(around -> around._1.is("clip"));
  }

  private static boolean isColumn(TermForm x) {
    return x.of().isEmpty() && COLUMNS.contains(unstopped(x.word()));
  }

  private static String unstopped(String word) {
    return word.startsWith(TermForm.STOPPED) ? word.substring(TermForm.STOPPED.length()) : word;
  }

  /** What is computed again and held is what was recorded, on policy and of one value head. */
  private static boolean isHeldBeside(TermForm one, TermForm other, String now, String then) {
    return one.is(TermForm.STOPPED + now) && other.is(then);
  }

  private static Option<MistakenFor> exchanged(TermForm own, TermForm known) {
    boolean held =
        isHeldBeside(own, known, Columns.LOG_PROB, Columns.OLD_LOG_PROB)
            || isHeldBeside(own, known, Columns.VALUE, "old_value")
            || isHeldBeside(known, own, Columns.VALUE, "old_value");
    if (!held && isColumn(own) && isColumn(known) && own.node().level() == known.node().level()) {
      return said("a column stands in the place of another", 1);
    }
    if (own.isConstant() && known.isConstant()) {
      return own.isAnyNumber() || known.isAnyNumber() || Double.isInfinite(own.value())
          ? Option.none()
          : said("a number is another", 1);
    }
    if (own.isInAnyOrder() || !own.is(known.word())) {
      return Option.none();
    }
    Seq<Tuple2<TermForm, TermForm>> apart =
        own.of().zip(known.of()).reject(both -> same(both._1, both._2));
    return apart.size() == 2
            && own.of().size() == known.of().size()
            && same(apart.get(0)._1, apart.get(1)._2)
            && same(apart.get(1)._1, apart.get(0)._2)
        ? said("two terms have changed places", 2)
        : Option.none();
  }

  private static TermForm negated(TermForm x) {
    return Shapes.negated(x, x.node());
  }

  /** What a sum, a product or a choice of the least has and another term lacks, if it is one. */
  static Option<TermForm> extra(TermForm more, TermForm less) {
    if (!more.isInAnyOrder()) {
      return Option.none();
    }
    Seq<TermForm> fewer = less.is(more.word()) ? less.of() : List.of(less);
    if (more.of().size() != fewer.size() + 1) {
      return Option.none();
    }
    Seq<TermForm> rest = more.of();
    for (TermForm one : fewer) {
      int twin = rest.indexWhere(other -> same(one, other));
      if (twin < 0) {
        return Option.none();
      }
      rest = rest.removeAt(twin);
    }
    return rest.headOption();
  }

  private static Option<MistakenFor> added(
      TermForm own, TermForm known, OnlyDifference difference) {
    boolean outermost = difference.outermost();
    for (TermForm operand : extra(own, known)) {
      boolean twice = own.of().count(one -> same(operand, one)) > 1 && !operand.isNumber();
      boolean divided = operand.is(TermForm.INVERSE) && operand.first().word().startsWith("count ");
      boolean compared =
          difference.around().exists(around -> around._1.is(Shapes.POSITIVE))
              && Math.abs(operand.value()) >= UNIT;
      boolean number =
          operand.isConstant()
              && (compared || !operand.isAnyNumber())
              && !outermost
              && own.is(TermForm.SUM);
      return twice || divided || number
          ? said("a term is there once more", operand.size())
          : Option.none();
    }
    boolean variance = own.is("square") && known.word().startsWith("std ");
    boolean function = variance || own.word().startsWith("next ");
    return function && same(own.first(), known)
        ? said(own.is("square") ? "it is squared" : "a step is one too many", 1)
        : Option.none();
  }
}
