package lossmith.score;

import io.vavr.collection.Map;
import io.vavr.control.Option;

/**
 * The row of one recipe. What cannot be said is none, and a note says why.
 *
 * @param recipe its name
 * @param loss the value that is minimised
 * @param clippedLow the share of tokens below a lower clip bound
 * @param clippedHigh the share of tokens above an upper clip bound
 * @param kl the mean of log π_old − log π, an estimate of KL(π_old ‖ π)
 * @param gradientNorm the Euclidean norm of dL/dlog π
 * @param zeroGradient the share of tokens whose dL/dlog π is 0
 * @param entropy the mean entropy of the policy, in nats
 * @param forecastNatural the change of the summed entropy by a natural-gradient step of unit size,
 *     to first order
 * @param forecastLogits the same for a step of unit size on the logits
 * @param metrics what the objective logs
 * @param notes why something is missing, by column
 */
public record Score(
    String recipe,
    double loss,
    Option<Double> clippedLow,
    Option<Double> clippedHigh,
    double kl,
    Option<Double> gradientNorm,
    Option<Double> zeroGradient,
    Option<Double> entropy,
    Option<Double> forecastNatural,
    Option<Double> forecastLogits,
    Map<String, Double> metrics,
    Map<String, String> notes) {}
