package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What stands in the place of something else of the same name or the same value. */
final class StandInLaws {
  private static final double MOVE = 1e-4;

  /** Policies that are so near each other are within every bound. */
  private static final double NEAR = 0.01;

  private StandInLaws() {}

  /** π/π_old · π_old/μ = π/μ: the weight of an engine's samples does not know the policy again. */
  static PartLaws.Presumed once() {
    return PartLaws.law(
        "policy-once",
        "a step counts the policy that is trained once: where a ratio has it, the weight beside"
            + " that ratio compares the policies before it",
        "∂ log|∂L/∂log π_t| / ∂ log π ≤ 1, with A = 1",
        0.5 * MOVE,
        "half of what is counted once more",
        role ->
            role.role().policyGradient()
                && role.weighs().contains(Columns.LOG_PI)
                && Graph.below(role.carriers(), Node::children)
                    .exists(
                        node ->
                            node.live() && node instanceof Node.Unary e && e.op() == UnaryOp.EXP),
        StandInLaws::counted,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> counted(Isolated part, Trial any, double tolerance) {
    Trial near = near(PartLaws.usual(part, any));
    Trial more = PartLaws.changed(near, Columns.LOG_PROB, x -> x + MOVE);
    double[] here = part.unscaled(Columns.LOG_PROB, near);
    double[] there = part.unscaled(Columns.LOG_PROB, more);
    return List.range(0, here.length)
        .filter(t -> here[t] != 0 && Math.log(there[t] / here[t]) > MOVE + tolerance)
        .take(1)
        .map(
            t ->
                new Violation.Fact(
                    part.presumed().part()
                        + ": the policy that is trained is in the ratio and once more in the weight"
                        + " "
                        + part.presumed().weights().map(PartLaws::text).mkString(", ")));
  }

  private static Trial near(Trial trial) {
    Random random = new Random(trial.seed());
    Trial on = PartLaws.onePolicy(trial);
    Samples samples = on.samples();
    double[] policy = samples.column(Columns.LOG_PROB).get();
    for (String other : List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
      if (samples.level(other).contains(Level.Name.TOKEN)) {
        double[] moved = Arrays.stream(policy).map(x -> x + NEAR * random.nextDouble()).toArray();
        samples = samples.with(other, Level.Name.TOKEN, moved);
      }
    }
    return PartLaws.with(on, samples);
  }

  /** R_t = A_t + V_t with the advantage as it was estimated, in the units of rewards. */
  static PartLaws.Presumed target() {
    return PartLaws.law(
        "value-target",
        "what a value is regressed on is in the units of rewards: an advantage is added to the"
            + " earlier value before it is whitened, not after",
        "V_target = V_old + A, not V_old + (A − mean(A))/std(A)",
        0,
        "structure, nothing is rounded",
        role -> role.role() == Role.VALUE_REGRESSION,
        (part, trial, tolerance) ->
            Graph.only(Node.Binary.class, Graph.below(part.presumed().carriers(), Node::children))
                .filter(quotient -> quotient.op() == BinaryOp.DIVIDE && !quotient.live())
                .filter(quotient -> isSpread(quotient.right()))
                .take(1)
                .map(
                    quotient ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": the value is regressed on what is divided by its std: "
                                + PartLaws.text(quotient))),
        Trial.Kind.ORDINARY);
  }

  /** A std of many, or the root of a mean of many. */
  private static boolean isSpread(Node node) {
    Seq<Node> below = Graph.below(List.of(node));
    boolean many =
        Graph.only(Node.Reduce.class, below)
            .exists(reduce -> reduce.to().compareTo(Level.Name.SEQUENCE) > 0);
    return many
        && below.exists(
            one ->
                (one instanceof Node.Reduce std && std.op() == ReduceOp.STD)
                    || (one instanceof Node.Unary root && root.op() == UnaryOp.SQRT));
  }

  /**
   * The mean of −log π over samples estimates the entropy, and its gradient estimates nothing:
   * E_π[∇ log π] = 0.
   */
  static PartLaws.Presumed estimate() {
    return PartLaws.law(
        "entropy-estimate",
        "beside a policy gradient, what lowers the log-probability of every sampled token alike is"
            + " no entropy bonus: averaged over what could have been sampled its gradient is 0;"
            + " entropy() is the sum over the vocabulary",
        "E_π[∇(−log π)] = 0 ≠ ∇H",
        0,
        "a sign is not rounded",
        role -> role.role() == Role.IMITATION && role.beside().nonEmpty(),
        (part, trial, tolerance) -> {
          double[] slope = part.slope(Columns.LOG_PROB, PartLaws.usual(part, trial));
          return slope.length > 0 && Arrays.stream(slope).allMatch(x -> x > 0)
              ? List.of(
                  new Violation.Fact(
                      part.presumed().part()
                          + ": every sampled token is made less likely, whatever it earned; the"
                          + " mean of -log π is an estimate of the entropy, but not of its"
                          + " gradient"))
              : List.empty();
        },
        Trial.Kind.ORDINARY);
  }
}
