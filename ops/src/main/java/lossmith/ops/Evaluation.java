package lossmith.ops;

import io.vavr.collection.Map;
import lossmith.ops.memory.Precision;

/**
 * What one evaluation of a compiled loss found.
 *
 * @param value the loss: the sum of its parts
 * @param parts the summands by name
 * @param metrics what the loss logs, by name, and {@value #SATURATED}
 * @param gradients dloss/dinput by the input's name, one number per element of its level, rows
 *     first at the vocabulary
 * @param extras the further terms that were asked for, by name
 * @param fallbacks the optional columns that the samples lacked, by name, and the formula of the
 *     term that stood for each, such as {@code sg(log π(y_t))} for {@code old_log_prob}: without it
 *     the loss is that of the policy that sampled; empty where nothing was stood in for
 */
public record Evaluation(
    double value,
    Map<String, Double> parts,
    Map<String, Double> metrics,
    Map<String, double[]> gradients,
    Map<String, double[]> extras,
    Map<String, String> fallbacks) {

  /**
   * The metric that every loss has: how many tokens have an argument of an exponential of the loss
   * or of its metrics beyond the saturation of {@link Precision#saturation()}, where it is clamped
   * and has no gradient. A token counts once; the exponent of a response, a group or the batch
   * counts for all of its tokens.
   */
  public static final String SATURATED = "saturated";
}
