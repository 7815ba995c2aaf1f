package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** How an advantage and an importance weight scale the step of a token. */
final class WeightLaws {
  /** A log-ratio beyond the bounds at which trainers keep an exponential finite. */
  private static final double STALE = 25;

  /** One token may count as much as so many. */
  private static final double MOST = 1e4;

  /** A log-ratio within every bound. */
  private static final double NEAR = 1e-5;

  private WeightLaws() {}

  static RoleLaws.Presumed bounded() {
    return RoleLaws.law(
        "weight-bounded",
        "no token outweighs ten thousand others, however stale: an importance weight is bounded",
        "log π − log μ = 25, A = 1 ⇒ |∂L/∂log π_t| ≤ 10⁴ · |∂L/∂log π_t|_(μ = π)",
        0,
        "a bound is far from what it bounds",
        role -> role.role().policyGradient() && samplers(role).nonEmpty(),
        (part, trial, tolerance) ->
            samplers(part.presumed())
                .flatMap(sampler -> bounded(part, sampler, RoleLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  /** Where the weight is the engine's, the policy of the last step may be in a ratio beside it. */
  private static Seq<String> samplers(PresumedRole role) {
    Seq<String> all =
        List.of(Columns.ROLLOUT_LOG_PROB, Columns.OLD_LOG_PROB).filter(role.weighs()::contains);
    return role.read().contains(Columns.OLD_LOG_PROB) ? all.take(1) : all;
  }

  private static Seq<Violation> bounded(Isolated part, String name, Trial trial) {
    Trial on = StepLaws.onePolicy(trial);
    if (!on.samples().level(name).contains(Level.Name.TOKEN)) {
      return List.empty(); // the objective's own, at another level
    }
    double[] fresh = part.unscaled(Columns.LOG_PROB, on);
    double[] stale = part.unscaled(Columns.LOG_PROB, RoleLaws.changed(on, name, x -> x - STALE));
    double most = MOST * Scale.size(fresh);
    return List.range(0, stale.length)
        .filter(t -> Math.abs(stale[t]) > most)
        .map(
            t ->
                RoleLaws.at(
                    part,
                    "with " + name + " lower by " + STALE + " than log_prob, d/dlog_prob",
                    t,
                    stale[t] + " instead of " + fresh[t]));
  }

  static RoleLaws.Presumed one() {
    return RoleLaws.law(
        "weight-one",
        "where all policies are one, a detached importance weight is 1",
        "π = μ ⇒ w_t = 1",
        1e-6,
        "a constant of 1e-8 may keep a denominator from 0",
        role -> !role.weights().isEmpty(),
        (part, trial, tolerance) -> {
          Trial on = HeardLaws.unmasked(RoleLaws.usual(part, trial));
          Reference reference = new Reference(on.samples(), on.parameters());
          return part.presumed()
              .weights()
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
                                          + Formula.unicode(weight).strip().replaceAll("\\s+", " ")
                                          + " is "
                                          + w)));
        },
        Trial.Kind.ORDINARY);
  }

  static RoleLaws.Presumed direction() {
    return RoleLaws.law(
        "weight-direction",
        "near the policy that sampled, an importance weight is no larger for what that policy found"
            + " likelier",
        "∂w_t/∂log μ ≤ 0, μ ≈ π",
        1e-9,
        "a difference of numbers near 1",
        role -> compared(role).nonEmpty(),
        (part, trial, tolerance) -> {
          Trial on = HeardLaws.unmasked(RoleLaws.usual(part, trial));
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
                                          + Formula.unicode(weight)
                                              .strip()
                                              .replaceAll("\\s+", " "))));
        },
        Trial.Kind.ORDINARY);
  }

  /** The weights, and those inside an advantage, that know policies and nothing else. */
  private static Seq<Node> compared(PresumedRole role) {
    return role.weights()
        .appendAll(Graph.below(role.advantages()).filter(WeightLaws::isExponential))
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
    Trial more = RoleLaws.changed(on, name, x -> x + NEAR);
    double[] here = new Reference(on.samples(), on.parameters()).of(weight);
    double[] there = new Reference(more.samples(), more.parameters()).of(weight);
    return List.range(0, here.length).exists(t -> there[t] > here[t] + tolerance);
  }

  static RoleLaws.Presumed probability() {
    return RoleLaws.law(
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
                                          + Formula.unicode(node).strip().replaceAll("\\s+", " ")
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
        Graph.down(
            List.of(node), x -> x instanceof Node.Gather ? List.empty() : x.children());
    return below.count(x -> x instanceof Node.Gather || x instanceof Node.Input) == 1
        && below.forAll(
            x ->
                x instanceof Node.Gather
                    || x instanceof Node.StopGradient
                    || x instanceof Node.Named
                    || (x instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE)
                    || (x instanceof Node.Input input
                        && Columns.LOG_PROBS.contains(input.name())));
  }

  static RoleLaws.Presumed homogeneous() {
    return RoleLaws.law(
        "advantage-scale",
        "the advantage scales the step, it is formed before anything is clipped: with three times"
            + " the advantage the gradient is three times as large",
        "∇L(3A) = 3∇L(A)",
        1e-9,
        "another order of multiplication",
        role ->
            role.role().policyGradient()
                && role.advantages().size() == 1
                && !selectedBySize(role.whole(), role.advantages().head()),
        WeightLaws::homogeneous,
        Trial.Kind.ORDINARY);
  }

  /** Whether the advantage is compared with a number other than 0, so that its size selects. */
  private static boolean selectedBySize(Node whole, Node advantage) {
    return Graph.only(Node.Compare.class, Graph.below(List.of(whole)))
        .exists(
            compare ->
                reads(compare.left(), advantage) != reads(compare.right(), advantage)
                    && !isZero(
                        reads(compare.left(), advantage) ? compare.right() : compare.left()));
  }

  private static boolean reads(Node node, Node other) {
    return Graph.below(List.of(node)).contains(other);
  }

  private static boolean isZero(Node node) {
    return Graph.below(List.of(node))
        .forAll(
            one ->
                one instanceof Node.Broadcast
                    || (one instanceof Node.Constant constant && constant.value() == 0));
  }

  private static Seq<Violation> homogeneous(Isolated part, Trial trial, double tolerance) {
    double[] once = part.slope(Columns.LOG_PROB, trial);
    double[] three = part.tripled(Columns.LOG_PROB, trial);
    double[] expected = Arrays.stream(once).map(x -> 3 * x).toArray();
    return Violation.between(
        part.presumed().part() + ": d/dlog_prob with three times the advantage",
        three,
        expected,
        tolerance * (1e-3 + Scale.size(expected)));
  }

  static RoleLaws.Presumed sign() {
    return RoleLaws.Presumed.ofPart(
        new Law(
            "advantage-sign",
            "a small step on a policy gradient never lowers the log-probability of a token with"
                + " positive advantage, nor raises that of one with negative advantage",
            "−A·∂L/∂log π ≥ 0",
            0,
            "a sign is not rounded",
            (subject, trial, tolerance) ->
                subject
                    .presumed()
                    .filter(part -> isSigned(part.presumed()))
                    .flatMap(part -> sign(subject, part, trial))),
        WeightLaws::isSigned);
  }

  /** Each token has its ratio, and an advantage under its symbol. */
  private static boolean isSigned(PresumedRole role) {
    return role.role().policyGradient()
        && role.carriers().forAll(carrier -> carrier.level() == Level.Name.TOKEN)
        && Graph.below(role.advantages(), Node::children)
            .exists(node -> node instanceof Node.Named named && named.symbol().equals("A"));
  }

  private static Seq<Violation> sign(Subject subject, Isolated part, Trial trial) {
    double[] a = subject.on(trial).of(Symbols.perToken(subject.bound(Surface.STATISTICS), "A"));
    double[] slope = part.slope(Columns.LOG_PROB, trial);
    return List.range(0, a.length)
        .filter(t -> -a[t] * slope[t] < 0)
        .map(
            t ->
                RoleLaws.at(part, "with the advantage A = " + a[t] + ", d/dlog_prob", t, slope[t]));
  }
}
