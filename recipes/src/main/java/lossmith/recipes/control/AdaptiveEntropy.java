package lossmith.recipes.control;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Problem;

/**
 * The controller of an entropy coefficient: a step up where the entropy is at most its target, a
 * step down where it is above, within bounds (TRL, GRPOTrainer, use_adaptive_entropy). A
 * coefficient is never below {@code low}, which is at least 0.
 *
 * @param target the entropy that is aimed at, in nats, at least 0
 * @param step by how much the coefficient changes, above 0
 * @param low the least coefficient, at least 0
 * @param high the largest coefficient, at least {@code low}
 */
public record AdaptiveEntropy(double target, double step, double low, double high) {
  private static final String CODE = "adaptive_entropy";

  /** What rounding may leave of an entropy of 0, in single precision. */
  private static final double ROUNDING = 1e-4;

  /** Checks the ranges. */
  public AdaptiveEntropy {
    boolean range = Double.isFinite(high) && high >= low;
    Seq<Problem> problems =
        List.of(
                ControlChecks.atLeastZero(CODE, "target", target),
                ControlChecks.above(CODE, "step", step),
                ControlChecks.atLeastZero(CODE, "low", low),
                ControlChecks.problem(range, CODE, "high", high, "a finite number ≥ low = " + low))
            .flatMap(problem -> problem);
    Problem.throwAll(problems);
  }

  /** {@return TRL's defaults: target 0.2, steps of 0.005, coefficients in [0, 1]} */
  public static AdaptiveEntropy trl() {
    return new AdaptiveEntropy(0.2, 0.005, 0, 1);
  }

  /**
   * {@return the coefficient of this step: none where the entropy before it was above the target}
   *
   * @param coefficient as {@link #next} gave it, within [low, high]
   * @param entropy of the whole last step, a mean over its tokens, in nats, at least 0
   * @throws lossmith.dsl.ProblemException where one of them is no number or out of its range
   */
  public double applied(double coefficient, double entropy) {
    check(coefficient, entropy);
    return entropy <= target ? coefficient : 0;
  }

  /**
   * {@return the next coefficient, within [low, high]; {@link #step(double, double)} also gives the
   * reason where it is clamped}
   *
   * @param coefficient of this step, before {@link #applied}, within [low, high]
   * @param entropy of the whole step, a mean over its tokens, in nats, at least 0
   * @throws lossmith.dsl.ProblemException where one of them is no number or out of its range
   */
  public double next(double coefficient, double entropy) {
    return step(coefficient, entropy).coefficient();
  }

  /**
   * {@return the next coefficient, and why, if it is clamped to a bound}
   *
   * @param coefficient of this step, before {@link #applied}, within [low, high]
   * @param entropy of the whole step, a mean over its tokens, in nats, at least 0
   */
  public ControlStep step(double coefficient, double entropy) {
    check(coefficient, entropy);
    double next = entropy <= target ? coefficient + step : coefficient - step;
    double within = Math.max(low, Math.min(high, next));
    return new ControlStep(
        within,
        Option.when(within != next, () -> "clamped to " + within + ": the rule gives " + next));
  }

  private void check(double coefficient, double entropy) {
    boolean inside = coefficient >= low && coefficient <= high;
    boolean possible = Double.isFinite(entropy) && entropy >= -ROUNDING;
    String bounds = "a number in [" + low + ", " + high + "]";
    Problem.throwAll(
        ControlChecks.problem(inside, CODE, "coefficient", coefficient, bounds)
            .appendAll(
                ControlChecks.problem(possible, CODE, "entropy", entropy, "a finite number ≥ 0")));
  }
}
