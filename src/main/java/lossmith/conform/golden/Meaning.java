package lossmith.conform.golden;

import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Precision;

/**
 * A way to compute a bound loss: the whole batch at once, or rows of logits or hidden states at a
 * time.
 */
@FunctionalInterface
public interface Meaning {
  /** The compiler to TensorFlow, in float64 on the processor. */
  Meaning TENSORFLOW =
      (loss, bound, outputs, samples, settings) -> {
        try (CompiledLoss compiled =
            CompiledLoss.compile(bound, Precision.FLOAT64, "CPU", outputs)) {
          return compiled.evaluate(samples, settings);
        }
      };

  /**
   * {@return the numbers of a loss and of further terms, each parameter that is not set at its
   * default}
   *
   * @param loss the loss, if there is one
   * @param bound the loss, its metrics and its gradients
   * @param outputs the further terms by name
   * @param samples the data
   * @param settings parameters by name
   */
  Evaluation evaluate(
      Option<Loss> loss,
      BoundLoss bound,
      Map<String, Node> outputs,
      Samples samples,
      Map<String, Double> settings);
}
