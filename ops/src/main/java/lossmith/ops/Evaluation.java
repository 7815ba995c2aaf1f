package lossmith.ops;

import io.vavr.collection.Map;

/**
 * What one evaluation of a compiled loss found.
 *
 * @param value the loss: the sum of its parts
 * @param parts the summands by name
 * @param metrics what the loss logs, by name, and {@value #SATURATED}
 * @param gradients dloss/dinput by the input's name, one number per element of its level, rows
 *     first at the vocabulary
 * @param extras the further terms that were asked for, by name
 */
public record Evaluation(
    double value,
    Map<String, Double> parts,
    Map<String, Double> metrics,
    Map<String, double[]> gradients,
    Map<String, double[]> extras) {

  /** The metric that counts arguments of exponentials beyond the saturation. */
  public static final String SATURATED = "saturated";
}
