package lossmith.proofs.known;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;

/** What a known term has and another one lacks. */
final class Forgotten {
  static final String CONDITION = "a condition is missing";

  private static final String MISSING = "a term is missing";

  private Forgotten() {}

  /** What an operand or a function that the known one has leaves behind. */
  static Option<MistakenFor> between(TermForm own, TermForm known, boolean outermost) {
    Option<TermForm> lacking =
        MistakenFor.extra(known, own)
            .orElse(
                () ->
                    known.is(TermForm.SUM)
                        ? MistakenFor.extra(known, Shapes.negated(own, own.node()))
                        : Option.none());
    for (TermForm operand : lacking) {
      boolean free =
          isFree(operand)
              || isOverStd(operand)
              || (operand.isNumber() && outermost)
              || isCentre(operand, own);
      if (Mixture.of(known) && !free) {
        return MistakenFor.said("half of a mixture is missing", 1);
      }
      return free || (outermost && known.is(TermForm.SUM))
          ? Option.none()
          : MistakenFor.said(MISSING, operand.size());
    }
    if (known.of().nonEmpty()
        && MistakenFor.FUNCTIONS.contains(known.word())
        && isArgument(own, known)) {
      return MistakenFor.said("a function is missing", 1);
    }
    boolean around =
        known.is("clip") || known.word().startsWith("next ") || known.word().startsWith("scan ");
    if (around && MistakenFor.same(known.first(), own)) {
      return boundsAWeight(known)
          ? Option.none()
          : MistakenFor.said(MISSING, known.size() - own.size());
    }
    if (known.is("select") && known.of().tail().exists(one -> MistakenFor.same(own, one))) {
      return MistakenFor.said("a choice is missing", known.size() - own.size());
    }
    boolean counted = own.is(known.word()) && !known.isInAnyOrder();
    return counted
            && known.of().size() == own.of().size() + 1
            && own.of().zip(known.of()).forAll(both -> MistakenFor.same(both._1, both._2))
        ? MistakenFor.said(CONDITION, known.of().last().size())
        : Option.none();
  }

  /** A coefficient, or a bound, that has lost what it belongs to: β for β·x, or for β − x. */
  static Option<MistakenFor> onlyCoefficient(TermForm own, TermForm known) {
    Set<String> parameters = own.amount().parameters();
    TermForm whole = Shapes.split(known)._2;
    boolean alone =
        own.isNumber()
            && !parameters.isEmpty()
            && (whole.is(TermForm.PRODUCT) || whole.is(TermForm.SUM))
            && whole.of().exists(one -> !one.isNumber())
            && whole
                .of()
                .exists(one -> one.isNumber() && one.amount().parameters().equals(parameters));
    return alone ? MistakenFor.said(MISSING, known.size() - own.size()) : Option.none();
  }

  /** Of what is the same on both sides of 0 either sign is. */
  private static boolean isArgument(TermForm own, TermForm known) {
    return MistakenFor.same(known.first(), own)
        || (Shapes.isEven(known.word())
            && MistakenFor.same(known.first(), Shapes.negated(own, own.node())));
  }

  /** Some cut an importance weight from above, others not. */
  private static boolean boundsAWeight(TermForm clip) {
    return clip.is("clip")
        && !clip.isLive()
        && clip.first().is("exp")
        && clip.of().get(1).value() == Double.NEGATIVE_INFINITY;
  }

  /** Dr. GRPO divides by no std. */
  private static boolean isOverStd(TermForm operand) {
    return operand.is(TermForm.INVERSE) && operand.first().word().startsWith("std ");
  }

  /** What is trained towards a target may be less its own mean, and need not be. */
  private static boolean isCentre(TermForm operand, TermForm own) {
    TermForm mean = Fragments.withoutNumbers(Shapes.split(operand)._2);
    Seq<TermForm> summands = own.is(TermForm.SUM) ? own.of() : List.of(own);
    return operand.isLive()
        && mean.word().startsWith("mean ")
        && summands.map(Fragments::withoutNumbers).exists(one -> isMeanOf(mean, one));
  }

  private static boolean isMeanOf(TermForm mean, TermForm x) {
    return MistakenFor.same(mean.first(), x)
        || MistakenFor.same(mean.first(), Shapes.negated(x, x.node()));
  }

  /**
   * A coefficient, a margin, or whatever else is made of parameters, also where something chooses
   * between them; and a factor of which only its place is known.
   */
  private static boolean isFree(TermForm operand) {
    boolean chosen =
        operand.is("select")
            && operand.of().tail().forAll(TermForm::isNumber)
            && operand.of().get(1).value() != -operand.of().get(2).value();
    boolean any = operand.is(Fragments.ADVANTAGE) || operand.is(Fragments.WEIGHT);
    return chosen
        || any
        || (operand.isNumber() && (operand.isAnyNumber() || !operand.isConstant()));
  }
}
