package lossmith.proofs.repair;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Which term of an objective breaks a law, as far as that shows in the term itself. */
public final class Causes {
  private static final int LONGEST = 160;

  /** What these laws say is true or false of the advantage alone. */
  private static final Set<String> OF_THE_ADVANTAGE =
      HashSet.of(
          "baseline-shift",
          "rejected-baseline",
          "bonus-sign",
          "own-value",
          "nothing-earned",
          "reward-raises",
          "length-shaping",
          "bonus-rewards",
          "reward-causal",
          "centred",
          "standardised",
          "standardised-shift",
          "one-level",
          "response-estimate",
          "token-estimate");

  /** What these say is true or false of what carries the gradient. */
  private static final Set<String> OF_THE_CARRIER =
      HashSet.of(
          "pull-back",
          "clip-side",
          "penalty-far",
          "penalty-size",
          "penalty-minimum",
          "towards-the-reference",
          "log-ratio",
          "pair-order",
          "margin-asks",
          "distillation-size",
          "sampling-policy",
          "entropy-bonus",
          "value-minimum",
          "value-scale",
          "value-shift",
          "value-size",
          "quantile-raises");

  /** What these ask is mostly broken by what a part is divided by. */
  private static final Set<String> OF_THE_DENOMINATOR =
      HashSet.of(
          "batch-mean",
          "response-mean",
          "step-size",
          "bonus-size",
          "distillation-size",
          "penalty-size",
          "value-size");

  /** What these ask is broken where digits are lost. */
  private static final Set<String> OF_DIGITS =
      HashSet.of("baseline-shift", "ties-of-rounding", "single-precision", "group-mean");

  private Causes() {}

  /**
   * {@return the likely cause of a broken law in one sentence, if it shows}
   *
   * @param law the law
   * @param subject the objective
   * @param trial the smallest case that breaks it
   * @param violations where it is broken
   */
  public static Option<String> of(
      Law law, Subject subject, Trial trial, Seq<Violation> violations) {
    Option<String> number =
        violations.exists(Causes::isNoNumber) ? first(subject, trial) : Option.none();
    if (number.isDefined()) {
      return number;
    }
    if (law.name().equals("mask-honoured") || law.name().equals("masked")) {
      return MissingMask.of(subject.loss(), List.of(trial))
          .headOption()
          .map(Object::toString)
          .orElse(() -> CountsMasked.of(subject, trial).map(Object::toString));
    }
    Option<String> shown =
        OF_THE_DENOMINATOR.contains(law.name())
            ? blamed(subject, violations).flatMap(Divisions::of)
            : OF_DIGITS.contains(law.name()) ? cancelling(subject) : Option.none();
    if (shown.isDefined()) {
      return shown;
    }
    if (law.name().equals("whole-batch-denominator")) {
      return blamed(subject, violations)
          .orElse(() -> any(subject))
          .flatMap(part -> CountsHere.of(part, trial));
    }
    if (law.name().equals("penalty-zero")) {
      return blamed(subject, violations).map(part -> "the penalty is " + text(part.whole()));
    }
    if (law.name().equals("clip-side")) {
      Option<String> chosen = blamed(subject, violations).flatMap(Causes::largest);
      if (chosen.isDefined()) {
        return chosen;
      }
    }
    if (OF_THE_ADVANTAGE.contains(law.name())) {
      return said(subject, "the advantage", PresumedRole::advantages);
    }
    return OF_THE_CARRIER.contains(law.name())
        ? blamed(subject, violations)
            .map(part -> part.carriers().head())
            .filter(carrier -> !(PresumedRole.plain(carrier) instanceof Node.Input))
            .map(carrier -> "what carries the gradient is " + text(carrier))
        : Option.none();
  }

  /** The larger of two terms of which one is clipped is raised, where the smaller was meant. */
  private static Option<String> largest(PresumedRole part) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(part.whole())))
        .find(
            choice ->
                choice.op() == BinaryOp.MAX
                    && choice.left().live()
                    && choice.right().live()
                    && Graph.below(List.of(choice)).exists(Node.Clip.class::isInstance))
        .map(max -> text(max) + " is raised, where the minimum of both was expected");
  }

  /** A variance as a mean of squares less the square of a mean. */
  private static Option<String> cancelling(Subject subject) {
    return Graph.only(Node.Binary.class, Graph.below(subject.loss()))
        .find(
            minus ->
                minus.op() == BinaryOp.MINUS
                    && isSquare(minus.right())
                    && Graph.below(List.of(PresumedRole.plain(minus.right())))
                        .exists(Node.Reduce.class::isInstance)
                    && Graph.below(List.of(minus.left())).exists(Causes::isSquare))
        .map(
            minus ->
                text(minus)
                    + " is a variance that loses its digits where numbers are large beside their"
                    + " differences; write the square of .std(…)");
  }

  private static boolean isSquare(Node node) {
    Node plain = PresumedRole.plain(node);
    return (plain instanceof Node.Unary one && one.op() == UnaryOp.SQUARE)
        || (plain instanceof Node.Binary two
            && two.op() == BinaryOp.TIMES
            && two.left().equals(two.right()));
  }

  private static Option<PresumedRole> blamed(Subject subject, Seq<Violation> violations) {
    return subject
        .presumed()
        .map(part -> part.presumed())
        .find(
            part ->
                violations.headOption().exists(v -> v.toString().startsWith(part.part() + ": ")));
  }

  private static Option<PresumedRole> any(Subject subject) {
    return subject.presumed().map(part -> part.presumed()).headOption();
  }

  private static Option<String> said(
      Subject subject, String what, Function<PresumedRole, Seq<Node>> nodes) {
    return subject
        .presumed()
        .flatMap(part -> nodes.apply(part.presumed()))
        .headOption()
        .map(node -> what + " is " + text(node));
  }

  private static boolean isNoNumber(Violation violation) {
    return violation instanceof Violation.Apart apart
        ? !(Double.isFinite(apart.left()) && Double.isFinite(apart.right()))
        : violation.toString().contains("NaN") || violation.toString().contains("Infinity");
  }

  /**
   * The first term that is no finite number although all that it is made of is, and of which what
   * is no finite number is made: one that a condition leaves out does no harm.
   */
  private static Option<String> first(Subject subject, Trial trial) {
    BoundLoss bound = subject.bound(Surface.STATISTICS);
    Reference reference = new Reference(trial.samples(), trial.parameters());
    Seq<Node> roots =
        List.ofAll(bound.parts().values())
            .appendAll(bound.metrics().values())
            .appendAll(bound.gradients().values());
    Predicate<Node> infinite = node -> !isFinite(reference.of(node));
    return Graph.down(roots.filter(infinite), node -> node.children().filter(infinite))
        .find(node -> !(node instanceof Node.Constant) && !node.children().exists(infinite))
        .map(
            node ->
                text(node)
                    + " is "
                    + Arrays.stream(reference.of(node))
                        .filter(x -> !Double.isFinite(x))
                        .findFirst()
                        .orElse(Double.NaN)
                    + ", although all that it is made of is finite");
  }

  private static boolean isFinite(double[] x) {
    return Arrays.stream(x).allMatch(Double::isFinite);
  }

  static String text(Node node) {
    String line = Formula.unicode(node).strip().replaceAll("\\s*\\n\\s*", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
