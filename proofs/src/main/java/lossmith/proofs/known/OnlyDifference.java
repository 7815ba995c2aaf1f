package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * The one place in which a term is otherwise than a known one; the terms themselves where they
 * differ in several.
 *
 * @param own what stands there
 * @param known what the known one has there
 * @param outermost whether only sums, means, signs and numbers are around it
 * @param even whether it is inside of a function that is the same of a term and of its negative, so
 *     that it cannot be told which of the summands is turned
 * @param summand whether only sums and signs are around it
 * @param compared whether it is a summand of what is compared with a number
 * @param around the terms that it is an operand of, in both
 */
record OnlyDifference(
    TermForm own,
    TermForm known,
    boolean outermost,
    boolean even,
    boolean summand,
    boolean compared,
    Option<Tuple2<TermForm, TermForm>> around) {
  /** How many operands of one sum or product may be exchanged for others. */
  private static final int MOST = 3;

  /** A place with nothing around it. */
  static OnlyDifference of(TermForm own, TermForm known, boolean outermost) {
    return new OnlyDifference(own, known, outermost, false, true, false, Option.none());
  }

  /** The same place with other terms. */
  OnlyDifference of(TermForm other, TermForm theirs) {
    return new OnlyDifference(other, theirs, outermost, even, summand, compared, around);
  }

  /** Where a term differs from a known one; nothing where it does not. */
  static Option<OnlyDifference> between(TermForm own, TermForm known) {
    return between(own, known, true);
  }

  private static Option<OnlyDifference> between(TermForm own, TermForm known, boolean outermost) {
    if (own.agrees(known)) {
      return Option.none();
    }
    OnlyDifference here = of(own, known, outermost);
    if (!own.is(known.word())) {
      return Shapes.inside(own, known)
          .flatMap(it -> between(it, known, outermost))
          .orElse(Option.some(here));
    }
    Option<OnlyDifference> straight = here.below();
    boolean vague = straight.exists(it -> it.own == own || it.own == own.first());
    return vague
        ? Shapes.turned(own)
            .map(it -> of(it, known, outermost))
            .map(OnlyDifference::below)
            .filter(it -> size(it) < size(straight))
            .getOrElse(straight)
        : straight;
  }

  private static int size(Option<OnlyDifference> difference) {
    return difference.map(OnlyDifference::size).getOrElse(0);
  }

  /** Of two terms that are one operation: the operand, if only one differs. */
  private Option<OnlyDifference> below() {
    boolean linear = outermost && isLinear(own);
    Seq<OnlyDifference> below =
        own.isInAnyOrder() ? inAnyOrder(linear) : inOrder(linear).getOrElse(List.of(this));
    return below.isEmpty()
        ? Option.none()
        : Option.some(
            below.size() == 1 && !below.head().equals(this) ? below.head().within(this) : this);
  }

  private OnlyDifference within(OnlyDifference other) {
    boolean inside = even || Shapes.isEven(other.own.word());
    boolean sum = other.own.is(TermForm.SUM) || other.own.is(TermForm.NEGATED);
    return new OnlyDifference(
        own,
        known,
        outermost,
        inside,
        summand && sum,
        compared || (summand && other.own.is(Shapes.POSITIVE)),
        around.orElse(Option.some(Tuple.of(other.own, other.known))));
  }

  private static boolean isLinear(TermForm x) {
    return x.is(TermForm.SUM)
        || x.is(TermForm.NEGATED)
        || (x.is(TermForm.PRODUCT) && x.of().count(one -> !one.isNumber()) == 1)
        || x.word().startsWith("sum ")
        || x.word().startsWith("mean ");
  }

  private Option<Seq<OnlyDifference>> inOrder(boolean linear) {
    return Option.when(
        own.of().size() == known.of().size(),
        () -> once(own.of().zip(known.of()).flatMap(both -> between(both._1, both._2, linear))));
  }

  private static Seq<OnlyDifference> once(Seq<OnlyDifference> all) {
    Seq<OnlyDifference> different = all.distinctBy(OnlyDifference::key);
    Seq<OnlyDifference> told = different.reject(one -> one.even && one.isSign());
    return told.isEmpty() ? different.take(1) : told;
  }

  private Seq<OnlyDifference> inAnyOrder(boolean linear) {
    Seq<TermForm> mine = own.of();
    Seq<TermForm> theirs = List.empty();
    for (TermForm one : known.of()) {
      int twin = mine.indexWhere(other -> other.print() == one.print());
      mine = twin < 0 ? mine : mine.removeAt(twin);
      theirs = twin < 0 ? theirs.append(one) : theirs;
    }
    Seq<TermForm> others = List.empty();
    for (TermForm one : theirs) {
      int twin = mine.indexWhere(one::agrees);
      mine = twin < 0 ? mine : mine.removeAt(twin);
      others = twin < 0 ? others.append(one) : others;
    }
    if (mine.size() != others.size() || mine.size() > MOST) {
      return List.of(this);
    }
    if (others.isEmpty()) {
      return List.empty();
    }
    Seq<TermForm> left = mine;
    return others
        .permutations()
        .map(order -> once(left.zip(order).flatMap(both -> between(both._1, both._2, linear))))
        .filter(found -> found.size() <= 1)
        .minBy(found -> found.map(OnlyDifference::size).sum().intValue())
        .getOrElse(List.of(this));
  }

  /** Equal where the same two terms are exchanged, also under a sign. */
  private Seq<Long> key() {
    Seq<Long> here = List.of(own.print(), known.print());
    Seq<Long> turned =
        List.of(
            Shapes.negated(own, own.node()).print(), Shapes.negated(known, known.node()).print());
    return here.head() <= turned.head() ? here : turned;
  }

  private boolean isSign() {
    return Shapes.negated(own, own.node()).agrees(known);
  }

  /** How many terms are on either side. */
  int size() {
    return Math.max(own.size(), known.size());
  }
}
