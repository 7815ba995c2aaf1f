package lossmith.conform.golden;

import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Problem;

/**
 * One run of another system.
 *
 * @param family the file's family
 * @param name unique among the cases
 * @param function what was run, such as {@code verl.policy_loss.vanilla}
 * @param config its settings
 * @param inputs what it was given, by name; an input that is itself named arrays has a dot in its
 *     name, as in {@code scores.format}
 * @param loss the loss, if it has one
 * @param gradients dloss/dinput by the input's name
 * @param metrics what it logged
 * @param outputs further results
 */
public record GoldenCase(
    String family,
    String name,
    String function,
    GoldenConfig config,
    Map<String, NumberArray> inputs,
    Option<Double> loss,
    Map<String, NumberArray> gradients,
    Map<String, Double> metrics,
    Map<String, NumberArray> outputs) {

  /** {@return the input of that name} */
  public NumberArray input(String input) {
    return inputs
        .get(input)
        .getOrElseThrow(
            () ->
                Problem.of(
                        "input",
                        name + " without " + input,
                        "the input " + input + " of " + function,
                        "a case that gives it")
                    .exception());
  }

  /** {@return whether the case gives that input} */
  public boolean has(String input) {
    return inputs.containsKey(input);
  }
}
