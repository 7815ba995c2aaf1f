package lossmith.conform.golden;

import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledNodes;
import lossmith.ops.memory.Precision;

/**
 * A way to compute bound nodes: the whole batch at once, or rows of logits or hidden states at a
 * time.
 */
@FunctionalInterface
public interface Meaning {
  /** The compiler to TensorFlow, in float64 on the processor. */
  Meaning TENSORFLOW =
      (loss, nodes, samples, parameters) -> {
        try (CompiledNodes compiled = CompiledNodes.of(nodes, Precision.FLOAT64, "CPU")) {
          return compiled.evaluate(samples, parameters);
        }
      };

  /**
   * {@return the numbers of each node, each parameter that is not set at its default}
   *
   * @param ofLogits the loss, where there is one that the policy enters by its logits
   * @param nodes what is computed: the value of the loss as {@code Computation.LOSS}, what it logs
   *     after {@code Computation.METRIC}, gradients after {@code Computation.GRADIENT}, and more
   * @param samples the data
   * @param parameters values by name
   */
  Map<String, double[]> evaluate(
      Option<Loss> ofLogits,
      Map<String, Node> nodes,
      Samples samples,
      Map<String, Double> parameters);
}
