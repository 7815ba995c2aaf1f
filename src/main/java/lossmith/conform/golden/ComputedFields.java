package lossmith.conform.golden;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;

/**
 * What a loss gives on the inputs of a case, under the names of the case.
 *
 * @param loss the loss, if there is one
 * @param gradients dloss/dinput by the input's name, in the input's shape
 * @param metrics what is logged
 * @param outputs further results
 * @param added the most that was added up to an entry of an output, by name; 0 where it is not
 *     there
 */
public record ComputedFields(
    Option<Total> loss,
    Map<String, NumberArray> gradients,
    Map<String, Total> metrics,
    Map<String, NumberArray> outputs,
    Map<String, Double> added) {
  /** Nothing yet. */
  public static final ComputedFields NONE =
      new ComputedFields(
          Option.none(),
          LinkedHashMap.empty(),
          LinkedHashMap.empty(),
          LinkedHashMap.empty(),
          LinkedHashMap.empty());

  /** {@return this with one more result} */
  public ComputedFields output(String name, NumberArray values) {
    return new ComputedFields(loss, gradients, metrics, outputs.put(name, values), added);
  }

  /** {@return this with the metrics and outputs of another trial of the same case} */
  public ComputedFields and(ComputedFields other) {
    return new ComputedFields(
        loss.orElse(other.loss),
        gradients.merge(other.gradients),
        metrics.merge(other.metrics),
        outputs.merge(other.outputs),
        added.merge(other.added));
  }
}
