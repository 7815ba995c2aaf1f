package lossmith.score;

import io.vavr.Tuple;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * One row of the table of scores: the numbers of an objective on the rollouts. A number that does
 * not exist is none, and {@code notes} gives the reason.
 *
 * @param recipe its name
 * @param loss the value that is minimised
 * @param below the share of tokens where something clipped lies below its lower bound, whether or
 *     not the bound then decides, in [0, 1]
 * @param above the share of tokens where something clipped lies above its upper bound, in [0, 1]
 * @param clipFractionLow the metric {@code clip_fraction_low} of the objective, what trainers call
 *     clip fraction: the share of tokens beyond a bound that their advantage pushes further out
 * @param clipFractionHigh the metric {@code clip_fraction_high}
 * @param kl the mean over tokens of log π_old − log π, the k1 estimate of KL(π_old ‖ π), in nats;
 *     the metric {@code approx_kl} of objectives that log it
 * @param gradientNorm the Euclidean norm of dL/dlog π over the sampled tokens
 * @param zeroGradient the share of tokens whose dL/dlog π is 0
 * @param entropy the mean entropy of the policy, in nats
 * @param forecastNatural the change of the summed entropy by a natural-gradient step of unit size,
 *     to first order
 * @param forecastLogits the same for a step of unit size on the logits
 * @param saturated the number of tokens with an exponent beyond the saturation, where it is clamped
 *     and has no gradient; the metric {@code saturated}
 * @param metrics what the objective logs
 * @param notes why something is missing, by column
 */
public record Score(
    String recipe,
    double loss,
    Option<Double> below,
    Option<Double> above,
    Option<Double> clipFractionLow,
    Option<Double> clipFractionHigh,
    double kl,
    Option<Double> gradientNorm,
    Option<Double> zeroGradient,
    Option<Double> entropy,
    Option<Double> forecastNatural,
    Option<Double> forecastLogits,
    long saturated,
    Map<String, Double> metrics,
    Map<String, String> notes) {

  /** {@return the numbers that there are, a line each, with the names of the table's columns} */
  @Override
  public String toString() {
    return ScoreColumn.ALL
        .flatMap(column -> column.of().apply(this).map(x -> Tuple.of(column.head(), x)))
        .map(number -> String.format(Locale.ROOT, "%n  %-15s %9.6g", number._1, number._2))
        .mkString(recipe, "", "");
  }
}
