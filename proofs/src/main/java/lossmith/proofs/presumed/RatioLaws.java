package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What the detached ratios of policies are where the policies agree, and near there. */
final class RatioLaws {
  /** A log-ratio within every bound. */
  private static final double NEAR = 1e-5;

  private RatioLaws() {}

  static PartLaws.Presumed one() {
    return PartLaws.law(
        "weight-one",
        "where all policies are one, a detached importance weight is 1",
        "π = μ ⇒ w_t = 1",
        1e-6,
        "a constant of 1e-8 may keep a denominator from 0",
        role -> !role.weights().isEmpty(),
        (part, trial, tolerance) -> {
          Trial on = HeardLaws.unmasked(PartLaws.usual(part, trial));
          Reference reference = new Reference(on.samples(), on.parameters());
          return part.presumed()
              .weights()
              .reject(weight -> isSumOfAnother(part.presumed(), weight))
              .flatMap(
                  weight ->
                      List.ofAll(reference.of(weight))
                          .filter(w -> !(Math.abs(w - 1) <= tolerance))
                          .take(1)
                          .map(
                              w ->
                                  new Violation.Fact(
                                      part.presumed().part()
                                          + ": where all policies are one, "
                                          + PartLaws.text(weight)
                                          + " is "
                                          + w)));
        },
        Trial.Kind.ORDINARY);
  }

  /** What weights are divided by to add up to 1. */
  private static boolean isSumOfAnother(PresumedRole role, Node weight) {
    return PresumedRole.plain(weight) instanceof Node.Reduce sum
        && sum.op() == ReduceOp.SUM
        && role.weights().map(PresumedRole::plain).contains(PresumedRole.plain(sum.of()));
  }

  static PartLaws.Presumed direction() {
    return PartLaws.law(
        "weight-direction",
        "near the policy that sampled, an importance weight is no larger for what that policy found"
            + " likelier",
        "∂w_t/∂log μ ≤ 0, μ ≈ π",
        1e-9,
        "a difference of numbers near 1",
        role -> compared(role).nonEmpty(),
        (part, trial, tolerance) -> {
          Trial on = HeardLaws.unmasked(PartLaws.usual(part, trial));
          return compared(part.presumed())
              .flatMap(
                  weight ->
                      sampler(weight)
                          .filter(name -> raises(weight, name, on, tolerance))
                          .map(
                              name ->
                                  new Violation.Fact(
                                      part.presumed().part()
                                          + ": with a higher "
                                          + name
                                          + ", it is larger: "
                                          + PartLaws.text(weight))));
        },
        Trial.Kind.ORDINARY);
  }

  /** The weights, and those inside an advantage, that know policies and nothing else. */
  private static Seq<Node> compared(PresumedRole role) {
    return role.weights()
        .appendAll(Graph.below(role.advantages()).filter(RatioLaws::isExponential))
        .filter(
            weight ->
                PresumedRole.compares(weight)
                    && Graph.only(Node.Input.class, Graph.below(List.of(weight)))
                        .forAll(input -> !input.name().equals(Columns.REFERENCE_LOG_PROB))
                    && sampler(weight).isDefined());
  }

  private static boolean isExponential(Node node) {
    return !node.live() && node instanceof Node.Unary exp && exp.op() == UnaryOp.EXP;
  }

  /** The engine's policy where a weight reads it, else that of the last step. */
  private static Option<String> sampler(Node weight) {
    Seq<String> read =
        Graph.only(Node.Input.class, Graph.below(List.of(weight))).map(Node.Input::name);
    return List.of(Columns.ROLLOUT_LOG_PROB, Columns.OLD_LOG_PROB).find(read::contains);
  }

  private static boolean raises(Node weight, String name, Trial on, double tolerance) {
    if (!on.samples().level(name).contains(Level.Name.TOKEN)) {
      return false; // the objective's own, at another level
    }
    Trial more = PartLaws.changed(on, name, x -> x + NEAR);
    double[] here = new Reference(on.samples(), on.parameters()).of(weight);
    double[] there = new Reference(more.samples(), more.parameters()).of(weight);
    return List.range(0, here.length).exists(t -> there[t] > here[t] + tolerance);
  }

  static PartLaws.Presumed probability() {
    return PartLaws.law(
        "probability",
        "the exponential of one policy's log-probabilities is a probability: it is not above 1",
        "exp(log π) ≤ 1",
        1e-9,
        "a log-probability of 0 may be rounded",
        role -> !probabilities(role).isEmpty(),
        (part, trial, tolerance) -> {
          Trial on = StepLaws.onePolicy(trial);
          Reference reference = new Reference(on.samples(), on.parameters());
          return probabilities(part.presumed())
              .flatMap(
                  node ->
                      List.ofAll(reference.of(node))
                          .filter(p -> p > 1 + tolerance)
                          .take(1)
                          .map(
                              p ->
                                  new Violation.Fact(
                                      part.presumed().part()
                                          + ": "
                                          + PartLaws.text(node)
                                          + " is "
                                          + p)));
        },
        Trial.Kind.ORDINARY);
  }

  /** Exponentials of what one policy made of the sampled tokens, and of nothing else. */
  private static Seq<Node> probabilities(PresumedRole role) {
    return Graph.below(List.of(role.whole()))
        .filter(
            node ->
                node instanceof Node.Unary exp
                    && exp.op() == UnaryOp.EXP
                    && node.level() == Level.Name.TOKEN
                    && isOfOnePolicy(exp.of()));
  }

  private static boolean isOfOnePolicy(Node node) {
    Seq<Node> below =
        Graph.down(List.of(node), x -> x instanceof Node.Gather ? List.empty() : x.children());
    return below.count(x -> x instanceof Node.Gather || x instanceof Node.Input) == 1
        && below.forAll(
            x ->
                x instanceof Node.Gather
                    || x instanceof Node.StopGradient
                    || x instanceof Node.Named
                    || (x instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE)
                    || (x instanceof Node.Input input && Columns.LOG_PROBS.contains(input.name())));
  }
}
