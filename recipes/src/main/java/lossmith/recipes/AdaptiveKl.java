package lossmith.recipes;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/**
 * The controller of a KL coefficient: proportional to how far the divergence is from its target
 * (Ziegler et al., Fine-Tuning Language Models from Human Preferences, section 2.2).
 *
 * @param target the divergence that is aimed at, above 0
 * @param horizon over how many samples an error acts, above 0
 */
public record AdaptiveKl(double target, double horizon) {
  private static final double LARGEST_ERROR = 0.2;

  /** Checks the ranges. */
  public AdaptiveKl {
    Seq<Problem> problems =
        List.of(Tuple.of("target", target), Tuple.of("horizon", horizon))
            .reject(setting -> setting._2 > 0)
            .map(
                setting ->
                    Problem.of(
                        "adaptive_kl",
                        setting._1 + " = " + setting._2,
                        "a number > 0",
                        "a positive " + setting._1));
    Problem.throwAll(problems);
  }

  /**
   * {@return the next coefficient, β · (1 + clip(KL / target − 1, −0.2, 0.2) · n / horizon)}
   *
   * @param coefficient β
   * @param divergence the KL that was measured
   * @param samples n, how many samples it was measured on
   */
  public double next(double coefficient, double divergence, double samples) {
    double error = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, divergence / target - 1));
    return coefficient * (1 + error * samples / horizon);
  }
}
