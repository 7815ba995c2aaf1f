package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Surface;
import lossmith.proofs.meant.PartLaws;
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

  private WeightLaws() {}

  static PartLaws.Presumed bounded() {
    return PartLaws.law(
        "weight-bounded",
        "no token outweighs ten thousand others, however stale: an importance weight is bounded",
        "log π − log μ = 25, A = 1 ⇒ |∂L/∂log π_t| ≤ 10⁴ · |∂L/∂log π_t|_(μ = π)",
        0,
        "a bound is far from what it bounds",
        role -> role.role().policyGradient() && samplers(role).nonEmpty(),
        (part, trial, tolerance) ->
            samplers(part.presumed())
                .flatMap(sampler -> bounded(part, sampler, PartLaws.usual(part, trial))),
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
    double[] stale = part.unscaled(Columns.LOG_PROB, PartLaws.changed(on, name, x -> x - STALE));
    double most = MOST * Scale.size(fresh);
    // an indicator that leaves a stale token out is a factor too
    double[] scaled = part.slope(Columns.LOG_PROB, PartLaws.changed(on, name, x -> x - STALE));
    return List.range(0, stale.length)
        .filter(t -> Math.abs(stale[t]) > most && scaled[t] != 0)
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with " + name + " lower by " + STALE + " than log_prob, d/dlog_prob",
                    t,
                    stale[t] + " instead of " + fresh[t]));
  }

  static PartLaws.Presumed homogeneous() {
    return PartLaws.law(
        "advantage-scale",
        "the advantage scales the step, it is formed before anything is clipped: with three times"
            + " the advantage the gradient is three times as large",
        "∇L(3A) = 3∇L(A)",
        1e-9,
        "another order of multiplication",
        role ->
            role.role().policyGradient()
                && role.advantages().nonEmpty()
                && !role.advantages().exists(one -> selectedBySize(role.whole(), one)),
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
    if (part.presumed().advantages().size() > 1) {
      return sameTokens(part, once, three);
    }
    double[] expected = Arrays.stream(once).map(x -> 3 * x).toArray();
    return Violation.between(
        part.presumed().part() + ": d/dlog_prob with three times the advantage",
        three,
        expected,
        tolerance * (1e-3 + Scale.size(expected)));
  }

  /** Of a sum or a product of several, what the gradient becomes is not known, but where it is. */
  private static Seq<Violation> sameTokens(Isolated part, double[] once, double[] three) {
    return List.range(0, once.length)
        .filter(t -> (once[t] == 0) != (three[t] == 0))
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with three times the advantage, d/dlog_prob",
                    t,
                    three[t] + " instead of " + once[t]))
        .take(1);
  }

  static PartLaws.Presumed sign() {
    return PartLaws.Presumed.ofPart(
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
        && Graph.down(role.advantages(), WeightLaws::scaled).exists(WeightLaws::isAdvantage);
  }

  private static boolean isAdvantage(Node node) {
    return node instanceof Node.Named named && named.symbol().equals("A");
  }

  /** What is normalised by itself may have another sign afterwards. */
  private static Seq<Node> scaled(Node node) {
    boolean normalised =
        node instanceof Node.Binary sum
            && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
            && sum.children()
                .forAll(side -> Graph.below(List.of(side)).exists(WeightLaws::isAdvantage));
    return normalised ? List.empty() : node.children();
  }

  private static Seq<Violation> sign(Subject subject, Isolated part, Trial trial) {
    double[] a = subject.on(trial).of(Symbols.perToken(subject.bound(Surface.STATISTICS), "A"));
    double[] slope = part.slope(Columns.LOG_PROB, trial);
    return List.range(0, a.length)
        .filter(t -> -a[t] * slope[t] < 0)
        .map(
            t ->
                PartLaws.at(part, "with the advantage A = " + a[t] + ", d/dlog_prob", t, slope[t]));
  }
}
