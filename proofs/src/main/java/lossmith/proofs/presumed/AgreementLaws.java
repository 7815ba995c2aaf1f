package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Where the policies agree: nothing is bounded there, and a penalty has its minimum. */
final class AgreementLaws {
  /** A log-ratio at which a distance rises, whatever it is. */
  private static final double APART = 3;

  private AgreementLaws() {}

  static PartLaws.Presumed inside() {
    Law law =
        new Law(
                "bounds-agreement",
                "where the policies agree, what compares them is above its lower bound and not"
                    + " above the upper one: a ratio is 1 there, a log-ratio 0; and no bound of a"
                    + " ratio is below 0, where no ratio is",
                "π = π′ ⇒ low < r ≤ high; r > 0 ⇒ low ≥ 0",
                0,
                "bounds are far from what they bound there",
                (subject, trial, tolerance) -> inside(subject, trial))
            .on(Trial.Kind.ORDINARY)
            .atMost(FEW);
    return new PartLaws.Presumed(
        law, subject -> subject.loss().parts().values().exists(part -> bounds(part.node())));
  }

  /** Whatever the batch, a ratio is 1. */
  private static final int FEW = 4;

  private static boolean bounds(Node part) {
    return Graph.below(List.of(part)).exists(node -> !bounded(node).isEmpty());
  }

  /** What compares policies, its lower bound if any, and its upper one. */
  private record Bounded(Node of, Seq<Node> low, Seq<Node> high) {}

  private static Seq<Bounded> bounded(Node node) {
    if (node instanceof Node.Clip clip) {
      return comparing(new Bounded(clip.of(), List.of(clip.low()), List.of(clip.high())));
    }
    if (node instanceof Node.Binary choice
        && (choice.op() == BinaryOp.MIN || choice.op() == BinaryOp.MAX)) {
      return either(choice, choice.left(), choice.right())
          .appendAll(either(choice, choice.right(), choice.left()));
    }
    return List.empty();
  }

  private static Seq<Bounded> either(Node.Binary choice, Node of, Node bound) {
    Seq<Node> side = List.of(bound);
    return isSetting(bound)
        ? comparing(
            choice.op() == BinaryOp.MIN
                ? new Bounded(of, List.empty(), side)
                : new Bounded(of, side, List.empty()))
        : List.empty();
  }

  private static boolean isSetting(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node))).isEmpty();
  }

  /** Two policies and nothing else are compared. */
  private static Seq<Bounded> comparing(Bounded bounded) {
    return PresumedRole.compares(bounded.of) && !isDistance(bounded.of)
        ? List.of(bounded)
        : List.empty();
  }

  /** A mean of what is never below 0, which is 0 where the policies agree; a hinge may be there. */
  private static boolean isDistance(Node node) {
    return node.level() == Level.Name.BATCH
        && Graph.below(List.of(node))
            .exists(
                one ->
                    one instanceof Node.Unary unary
                        && (unary.op() == UnaryOp.EXP_REMAINDER
                            || unary.op() == UnaryOp.SQUARE
                            || unary.op() == UnaryOp.ABS));
  }

  private static Seq<Violation> inside(Subject subject, Trial any) {
    Map<String, Double> usual =
        Graph.parameters(subject.loss().parts().values().map(part -> part.node()))
            .foldLeft(any.parameters(), (all, p) -> all.put(p.name(), p.range().initial()));
    Trial one = StepLaws.onePolicy(any);
    Reference reference = new Reference(one.samples(), usual);
    return subject
        .bound(Surface.STATISTICS)
        .parts()
        .toList()
        .flatMap(
            part ->
                Graph.below(List.of(part._2))
                    .flatMap(AgreementLaws::bounded)
                    .filter(bounded -> beyond(bounded, reference))
                    .map(
                        bounded ->
                            new Violation.Fact(
                                part._1
                                    + ": where the policies agree, "
                                    + PartLaws.text(bounded.of)
                                    + " is "
                                    + reference.of(bounded.of)[0]
                                    + ", and it is bounded there")));
  }

  private static boolean beyond(Bounded bounded, Reference reference) {
    double[] x = reference.of(bounded.of);
    return bounded.low.exists(low -> any(x, reference.of(low), (r, bound) -> r <= bound))
        || bounded.high.exists(high -> any(x, reference.of(high), (r, bound) -> r > bound))
        || (isRatio(bounded.of)
            && bounded.low.exists(low -> any(x, reference.of(low), (r, bound) -> bound < 0)));
  }

  private static boolean isRatio(Node node) {
    Node plain = PresumedRole.plain(node);
    return plain instanceof Node.StopGradient held
        ? isRatio(held.of())
        : plain instanceof Node.Unary unary && unary.op() == UnaryOp.EXP;
  }

  private interface Beyond {
    boolean of(double x, double bound);
  }

  private static boolean any(double[] x, double[] bound, Beyond beyond) {
    return IntStream.range(0, x.length)
        .anyMatch(
            i -> Double.isFinite(x[i]) && Double.isFinite(bound[i]) && beyond.of(x[i], bound[i]));
  }

  static PartLaws.Presumed turns() {
    return PartLaws.law(
        "penalty-minimum",
        "a penalty is least where the policy is the other one: on either side of it a step leads"
            + " back, which the log-ratio itself does not",
        "log π − log π′ = ±3 ⇒ ∂L/∂log π does not have one sign on both sides",
        0,
        "a sign is not rounded",
        PenaltyLaws::speaks,
        (part, trial, tolerance) -> turns(part, StepLaws.onePolicy(PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> turns(Isolated part, Trial on) {
    double[] sides = new double[on.samples().tokens()];
    Arrays.fill(sides, 1);
    double[] above = part.slope(Columns.LOG_PROB, PenaltyLaws.apart(part, on, sides, APART));
    Arrays.fill(sides, -1);
    double[] below = part.slope(Columns.LOG_PROB, PenaltyLaws.apart(part, on, sides, APART));
    return List.range(0, above.length)
        .filter(t -> above[t] * below[t] > 0)
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with a log-ratio of 3 to the other policy, d/dlog_prob",
                    t,
                    above[t] + " and with one of -3 it is " + below[t]));
  }

  static PartLaws.Presumed zero() {
    return PartLaws.law(
        "penalty-zero",
        "a penalty is 0 where the policy is the other one",
        "π = π′ ⇒ D = 0",
        1e-12,
        "a sum of zeros",
        role -> PenaltyLaws.speaks(role) && role.beside().isEmpty(),
        AgreementLaws::zero,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> zero(Isolated part, Trial any, double tolerance) {
    Trial one = StepLaws.onePolicy(PartLaws.usual(part, any));
    return Violation.between(
        part.presumed().part() + ": its value where the policies agree",
        new Reference(one.samples(), one.parameters()).of(part.bound().value()),
        new double[1],
        tolerance);
  }
}
