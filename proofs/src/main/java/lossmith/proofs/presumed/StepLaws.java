package lossmith.proofs.presumed;

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
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** The direction and the size of the step of a policy gradient. */
public final class StepLaws {
  /** How far a log-probability is moved. */
  private static final double MOVE = 1e-3;

  /** How far apart policies are that are near each other. */
  private static final double NEAR = 0.05;

  private StepLaws() {}

  static PartLaws.Presumed size() {
    return PartLaws.law(
        "step-size",
        "where all policies are one and the advantage is 1, the gradient of each token that counts"
            + " is -1 divided by a number of tokens, responses or prompts, of all or of those that"
            + " count, and by nothing else; where it is -1, 1 divided by one",
        "π_old = π, A = ±1 ⇒ ∂L/∂log π_t ∈ {0, −A/n}",
        1e-6,
        "a constant of 1e-8 may keep a denominator from 0",
        role -> role.role().policyGradient() || role.role() == Role.IMITATION,
        StepLaws::size,
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  private static Seq<Violation> size(Isolated part, Trial trial, double tolerance) {
    Trial one = onePolicy(trial);
    double[] slope = part.unscaled(Columns.LOG_PROB, one);
    Denominators denominators = new Denominators(trial.samples(), slope);
    int[] none = denominators.none(tolerance);
    if (none.length > 0
        && (FactorLaws.isOverALength(part, trial, slope, tolerance)
            || FactorLaws.isAShare(part, trial, slope, tolerance))) {
      return List.empty();
    }
    String excess =
        denominators.excess(none, tolerance).map(words -> ": it is " + words).getOrElse("");
    Seq<Violation> raised =
        List.ofAll(none)
            .map(
                t ->
                    PartLaws.at(
                        part,
                        "where all policies are one and the advantage is 1, d/dlog_prob",
                        t,
                        slope[t]
                            + ", "
                            + (slope[t] < 0
                                ? "-1/"
                                    + (float) (-1 / slope[t])
                                    + ", no denominator of this batch"
                                    + excess
                                : "which makes what was sampled less likely")));
    if (raised.isEmpty()) {
      return part.presumed().role().policyGradient() && part.presumed().advantages().size() == 1
          ? lowered(part, one, tolerance)
          : List.empty(); // −1 times −1 is 1
    }
    double[] all = part.unselected(Columns.LOG_PROB, one);
    // a ratio of a response has all its tokens, also those left out
    return new Denominators(trial.samples(), all).none(tolerance).length == 0
        ? List.empty()
        : raised;
  }

  private static Seq<Violation> lowered(Isolated part, Trial one, double tolerance) {
    double[] slope = part.opposite(Columns.LOG_PROB, one);
    double[] down = Arrays.stream(slope).map(x -> -x).toArray();
    return List.ofAll(new Denominators(one.samples(), down).none(tolerance))
        .map(
            t ->
                PartLaws.at(
                    part,
                    "where all policies are one and the advantage is -1, d/dlog_prob",
                    t,
                    slope[t]));
  }

  public static Trial onPolicy(Trial trial) {
    return PartLaws.onPolicy(trial);
  }

  /** Every other policy is the policy itself. */
  static Trial onePolicy(Trial trial) {
    return PartLaws.onePolicy(trial);
  }

  static PartLaws.Presumed sampler() {
    return PartLaws.law(
        "sampling-policy",
        "with the advantage held, a policy gradient knows the policy and those that sampled, not"
            + " the reference",
        "A fixed ⇒ ∇L(π_ref) = ∇L(π′_ref)",
        1e-12,
        "the same arithmetic",
        role -> role.role().policyGradient(),
        StepLaws::sampler,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> sampler(Isolated part, Trial trial, double tolerance) {
    Random random = new Random(trial.seed());
    double[] here = part.unscaled(Columns.LOG_PROB, trial);
    double[] there =
        part.unscaled(
            Columns.LOG_PROB,
            PartLaws.changed(trial, Columns.REFERENCE_LOG_PROB, x -> x - random.nextDouble()));
    double scale = 1 + Scale.size(here);
    return Violation.between(
        part.presumed().part() + ": d/dlog_prob with another π_ref",
        there,
        here,
        tolerance * scale);
  }

  static PartLaws.Presumed weight() {
    return PartLaws.law(
        "importance-weight",
        "near the policy that sampled, a token that it found more likely counts less, where the"
            + " weight is not held at a bound",
        "∂|∂L/∂log π_t| / ∂log μ_t ≤ 0 for A = 1 and the μ ≈ π that sampled",
        1e-9,
        "another order of multiplication",
        role -> isWeighed(role) && sampling(role).nonEmpty(),
        (part, trial, tolerance) ->
            sampling(part.presumed())
                .flatMap(sampler -> weight(part, sampler, near(trial), tolerance)),
        Trial.Kind.ORDINARY);
  }

  /** A penalty towards the reference whose samples another policy drew is weighed as well. */
  private static boolean isWeighed(PresumedRole role) {
    return role.role().policyGradient()
        || (role.role() == Role.REGULARISER && role.others().contains(Columns.REFERENCE_LOG_PROB));
  }

  /** The columns of the policies that sampled: the engine's, and the one of the last step. */
  private static Seq<String> sampling(PresumedRole role) {
    return List.of(Columns.ROLLOUT_LOG_PROB, Columns.OLD_LOG_PROB).filter(role.ratios()::contains);
  }

  /** All policies are different, and near each other. */
  private static Trial near(Trial trial) {
    Random random = new Random(trial.seed());
    Samples samples = trial.samples();
    double[] logProb = samples.column(Columns.LOG_PROB).get();
    for (String other : List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
      if (samples.level(other).contains(Level.Name.TOKEN)) {
        double[] moved =
            Arrays.stream(logProb).map(x -> x + NEAR * (2 * random.nextDouble() - 1)).toArray();
        samples = samples.with(other, Level.Name.TOKEN, moved);
      }
    }
    return PartLaws.with(trial, samples);
  }

  private static Seq<Violation> weight(
      Isolated part, String sampler, Trial trial, double tolerance) {
    if (!trial.samples().level(sampler).contains(Level.Name.TOKEN)) {
      return List.empty(); // the objective's own, at another level
    }
    double[] here = part.unscaled(Columns.LOG_PROB, trial);
    // the engine's weight may be that of the last step, in whose favour it then counts once
    boolean both = sampling(part.presumed()).size() > 1 && sampler.equals(Columns.OLD_LOG_PROB);
    double most = both ? Math.exp(MOVE) : 1;
    Seq<Violation> found = List.empty();
    for (int t = 0; t < here.length; t++) {
      double after = part.unscaled(Columns.LOG_PROB, PartLaws.moved(trial, sampler, t, MOVE))[t];
      double size = Math.abs(here[t]);
      boolean smooth = after != 0 && Math.abs(after - here[t]) < 100 * MOVE * size;
      if (smooth && Math.abs(after) > most * size * (1 + tolerance)) {
        found =
            found.append(
                PartLaws.at(
                    part,
                    "with " + sampler + " raised by " + MOVE + ", the size of d/dlog_prob",
                    t,
                    Math.abs(after) + " instead of " + size));
      }
    }
    return found;
  }

  static PartLaws.Presumed reward() {
    return PartLaws.law(
        "reward-raises",
        "a response whose reward is 1 instead of 0 is made no less likely for it",
        "π_old = π ⇒ −Σ_t ∂L/∂log π_t |_(R = 1) ≥ −Σ_t ∂L/∂log π_t |_(R = 0)",
        1e-9,
        "a sum of few summands",
        role ->
            ((role.role().policyGradient() && role.advantages().size() == 1)
                    || role.role() == Role.REWARD_REGRESSION
                    || role.role() == Role.UNPAIRED_PREFERENCE
                    || role.role() == Role.IMITATION)
                && (role.reads().contains(Columns.REWARD) || chooses(role))
                && !isScaledTogether(role),
        StepLaws::reward,
        Trial.Kind.TIED);
  }

  /** Whether what is imitated is chosen by its reward. */
  private static boolean chooses(PresumedRole role) {
    return role.role() == Role.IMITATION
        && Graph.only(
                Node.Input.class, Graph.below(role.selections().appendAll(role.coefficients())))
            .exists(input -> input.name().equals(Columns.REWARD));
  }

  /**
   * Where other numbers share the std or the mean of the rewards, a reward that spreads them lowers
   * some.
   */
  private static boolean isScaledTogether(PresumedRole role) {
    return role.worth().remove(Columns.REWARD).nonEmpty()
        && Graph.only(Node.Binary.class, Graph.below(role.advantages()))
            .filter(quotient -> quotient.op() == BinaryOp.DIVIDE)
            .exists(
                quotient ->
                    Graph.only(Node.Reduce.class, Graph.below(List.of(quotient.right())))
                        .exists(
                            reduce -> reduce.op() == ReduceOp.STD || reduce.op() == ReduceOp.MEAN));
  }

  private static boolean selectsAlike(Isolated part, Trial here, Trial there) {
    Reference one = new Reference(here.samples(), here.parameters());
    Reference other = new Reference(there.samples(), there.parameters());
    return Graph.only(Node.Reduce.class, Graph.below(List.of(part.bound().value())))
        .flatMap(Node.Reduce::where)
        .distinct()
        .forAll(chosen -> Arrays.equals(one.of(chosen), other.of(chosen)));
  }

  private static Seq<Violation> reward(Isolated part, Trial any, double tolerance) {
    Trial trial = PartLaws.usual(part, any);
    if (!trial.samples().level(Columns.REWARD).contains(Level.Name.SEQUENCE)) {
      return List.empty(); // the objective's own, at another level
    }
    Trial one = onePolicy(trial);
    double[] rewards = trial.samples().column(Columns.REWARD).get();
    double[] zero = PartLaws.perResponse(one, part.slope(Columns.LOG_PROB, one));
    Seq<Violation> found = List.empty();
    for (int i = 0; i < rewards.length; i++) {
      if (rewards[i] != 0) {
        continue;
      }
      Trial raised = PartLaws.moved(one, Columns.REWARD, i, 1);
      if (part.presumed().role().policyGradient() && !selectsAlike(part, one, raised)) {
        continue; // a response that is left out for its reward takes no step
      }
      double after = -PartLaws.perResponse(raised, part.slope(Columns.LOG_PROB, raised))[i];
      double scale =
          1 + Math.max(Math.abs(after), Arrays.stream(zero).map(Math::abs).max().orElse(0));
      if (after < -zero[i] - tolerance * scale) {
        found =
            found.append(
                PartLaws.at(
                    part,
                    "with the reward 1 instead of 0, the step of response",
                    i,
                    after + " instead of " + -zero[i]));
      }
    }
    return found;
  }
}
