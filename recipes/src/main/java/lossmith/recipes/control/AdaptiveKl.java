package lossmith.recipes.control;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Problem;

/**
 * The controller of a KL coefficient: proportional to how far the divergence is from its target
 * (Ziegler et al., Fine-Tuning Language Models from Human Preferences, section 2.2). A coefficient
 * is never below 0.
 *
 * @param target the divergence that is aimed at, in nats, above 0
 * @param horizon over how many samples an error acts, above 0
 */
public record AdaptiveKl(double target, double horizon) {
  private static final double LARGEST_ERROR = 0.2;
  private static final String CODE = "adaptive_kl";

  /** Checks the ranges. */
  public AdaptiveKl {
    Problem.throwAll(
        ControlChecks.above(CODE, "target", target)
            .appendAll(ControlChecks.above(CODE, "horizon", horizon)));
  }

  /**
   * {@return the next coefficient, max(0, β · (1 + clip(KL / target − 1, −0.2, 0.2) · n /
   * horizon)); {@link #step} also gives the reason where it is clamped to 0}
   *
   * @param coefficient β, at least 0
   * @param divergence the KL that was measured, in nats; an estimate may be below 0
   * @param samples n, how many samples it was measured on, at least 0
   * @throws lossmith.dsl.ProblemException where one of them is no number or out of its range, or
   *     the next coefficient is too large for a number
   */
  public double next(double coefficient, double divergence, double samples) {
    return step(coefficient, divergence, samples).coefficient();
  }

  /**
   * {@return the next coefficient, and why, if it is clamped to 0}
   *
   * @param coefficient β, at least 0
   * @param divergence the KL that was measured, in nats; an estimate may be below 0
   * @param samples n, how many samples it was measured on, at least 0
   */
  public ControlStep step(double coefficient, double divergence, double samples) {
    Seq<Problem> problems =
        List.of(
                ControlChecks.atLeastZero(CODE, "coefficient", coefficient),
                ControlChecks.number(CODE, "divergence", divergence),
                ControlChecks.atLeastZero(CODE, "samples", samples))
            .flatMap(problem -> problem);
    Problem.throwAll(problems);
    double error = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, divergence / target - 1));
    double next = coefficient * (1 + error * samples / horizon);
    Problem.throwAll(ControlChecks.number(CODE, "the next coefficient", next));
    if (coefficient == 0) {
      return new ControlStep(0, Option.some("a coefficient of 0 stays 0: the rule multiplies it"));
    }
    return next < 0
        ? new ControlStep(0, Option.some("clamped to 0: the rule gives " + next))
        : new ControlStep(next, Option.none());
  }
}
