package lossmith.recipes;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/**
 * The controller of an entropy coefficient: a step up where the entropy is at most its target, a
 * step down where it is above, within bounds (TRL, GRPOTrainer, use_adaptive_entropy).
 *
 * @param target the entropy that is aimed at, in nats, at least 0
 * @param step by how much the coefficient changes, above 0
 * @param low the least coefficient, at least 0
 * @param high the largest coefficient, at least {@code low}
 */
public record AdaptiveEntropy(double target, double step, double low, double high) {
  /** Checks the ranges. */
  public AdaptiveEntropy {
    Seq<Problem> problems =
        List.of(
                Tuple.of("target = " + target, target >= 0, "a number ≥ 0"),
                Tuple.of("step = " + step, step > 0, "a number > 0"),
                Tuple.of("low = " + low, low >= 0, "a number ≥ 0"),
                Tuple.of("high = " + high, high >= low, "a number ≥ low = " + low))
            .reject(setting -> setting._2)
            .map(
                setting -> Problem.of("adaptive_entropy", setting._1, setting._3, "such a number"));
    Problem.throwAll(problems);
  }

  /** {@return TRL's defaults: target 0.2, steps of 0.005, coefficients in [0, 1]} */
  public static AdaptiveEntropy trl() {
    return new AdaptiveEntropy(0.2, 0.005, 0, 1);
  }

  /**
   * {@return the coefficient of this step: none where the entropy before it was above the target}
   *
   * @param coefficient as {@link #next} gave it
   * @param entropy of the whole last step, a mean over its tokens, in nats
   */
  public double applied(double coefficient, double entropy) {
    return entropy <= target ? coefficient : 0;
  }

  /**
   * {@return the next coefficient}
   *
   * @param coefficient of this step, before {@link #applied}
   * @param entropy of the whole step, a mean over its tokens, in nats
   */
  public double next(double coefficient, double entropy) {
    return entropy <= target
        ? Math.min(coefficient + step, high)
        : Math.max(coefficient - step, low);
  }
}
