package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** On which side the bounds of a ratio take the gradient of a token. */
final class ClipLaws {
  /** A log-ratio beyond the bounds of a trust region, and of no other. */
  private static final double BEYOND = 0.5;

  /** A log-ratio beyond every bound. */
  private static final double FAR = 3;

  private ClipLaws() {}

  static PartLaws.Presumed pullBack() {
    return PartLaws.law(
        "pull-back",
        "a token whose ratio moved against its advantage is pulled back, however the ratio is"
            + " clipped",
        "A·log r < 0, |log r| = 1/2 ⇒ ∂L/∂log π ≠ 0",
        0,
        "a zero is not rounded",
        ClipLaws::speaks,
        (part, trial, tolerance) -> at(part, trial, BEYOND, false),
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  static PartLaws.Presumed stops() {
    return PartLaws.law(
        "clip-side",
        "where the ratio is clipped on both sides, a token that is far beyond the bound to which"
            + " its advantage pushes it has no gradient",
        "A·log r > 0, |log r| = 3 ⇒ ∂L/∂log π = 0",
        0,
        "a zero is not rounded",
        role -> speaks(role) && !role.clips().isEmpty(),
        (part, trial, tolerance) -> at(part, trial, -FAR, true),
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  private static boolean speaks(PresumedRole role) {
    return role.role() == Role.POLICY_SURROGATE && ofSampler(role).isDefined();
  }

  /** Where a ratio is of a response, what it is multiplied by may pull its tokens apart. */
  private static boolean isMixed(PresumedRole role) {
    boolean ofResponses =
        Graph.below(role.carriers(), Node::children)
            .exists(
                node ->
                    node.live()
                        && node.level() != Level.Name.TOKEN
                        && node.level() != Level.Name.VOCABULARY);
    return ofResponses && role.advantages().map(PresumedRole::plain).exists(ClipLaws::isOfTokens);
  }

  private static boolean isOfTokens(Node node) {
    return node.level() == Level.Name.TOKEN;
  }

  /** The policy in the ratio that carries the gradient. */
  private static Option<String> ofSampler(PresumedRole role) {
    return List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB).find(role.read()::contains);
  }

  /**
   * The gradient; with an advantage of 1 where that knows the policies too, or is of tokens, and of
   * all tokens where what the other policies say selects some.
   */
  private static double[] slope(Isolated part, Trial trial) {
    if (Graph.only(Node.Input.class, Graph.below(part.presumed().selections(), Node::children))
        .exists(input -> Columns.LOG_PROBS.contains(input.name()))) {
      return part.unselected(Columns.LOG_PROB, trial);
    }
    return part.presumed().worth().exists(Columns.LOG_PROBS::contains) || isMixed(part.presumed())
        ? part.unscaled(Columns.LOG_PROB, trial)
        : part.slope(Columns.LOG_PROB, trial);
  }

  /** Every log-ratio is so far against the step that its token has on-policy. */
  private static Seq<Violation> at(Isolated part, Trial any, double against, boolean stopped) {
    Trial trial = PartLaws.usual(part, any);
    Trial on = StepLaws.onePolicy(trial);
    if (!on.samples().level(Columns.OLD_LOG_PROB).contains(Level.Name.TOKEN)) {
      return List.empty(); // the objective's own, at another level
    }
    double[] step = slope(part, on);
    double[] logProb = on.samples().column(Columns.LOG_PROB).get();
    double[] other = new double[step.length];
    Arrays.setAll(other, t -> logProb[t] - Math.signum(step[t]) * against);
    Samples samples = on.samples();
    for (String name : List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
      samples =
          samples.level(name).contains(Level.Name.TOKEN)
              ? samples.with(name, Level.Name.TOKEN, other)
              : samples;
    }
    double[] moved = slope(part, PartLaws.with(on, samples));
    boolean[] oneWay = oneWay(on, step);
    return List.range(0, step.length)
        .filter(t -> oneWay[t] && step[t] != 0 && stopped != (moved[t] == 0))
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with an advantage "
                        + (step[t] < 0 ? "above" : "below")
                        + " 0 and a ratio of "
                        + (float) Math.exp(Math.signum(step[t]) * against)
                        + ", d/dlog_prob",
                    t,
                    moved[t]));
  }

  /** The tokens of responses that are pushed one way, so that a ratio of a response is too. */
  private static boolean[] oneWay(Trial trial, double[] step) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    boolean[] up = new boolean[trial.samples().size(Level.Name.SEQUENCE)];
    boolean[] down = new boolean[up.length];
    for (int t = 0; t < step.length; t++) {
      up[of[t]] |= step[t] < 0;
      down[of[t]] |= step[t] > 0;
    }
    boolean[] found = new boolean[step.length];
    for (int t = 0; t < step.length; t++) {
      found[t] = up[of[t]] != down[of[t]];
    }
    return found;
  }
}
