package lossmith.ops;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Precision;

/** Small batches, and terms run on them through TensorFlow. */
final class Batches {
  private Batches() {}

  /** Four responses of 3, 0, 1 and 2 tokens; the first three share a prompt. */
  static SamplesBuilder four(double... logProb) {
    return new SamplesBuilder(new int[] {3, 0, 1, 2}, new int[] {0, 0, 0, 1})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb);
  }

  /** {@return the numbers of a term on samples, in this precision} */
  static double[] run(Term<?> term, Samples samples, Precision precision) {
    Surface surface =
        samples.columns().contains(Columns.LOG_PROB) ? Surface.STATISTICS : Surface.LOGITS;
    var columns = samples.columns().addAll(samples.grids());
    Map<String, Node> nodes = LinkedHashMap.of("x", BoundLoss.term(term, surface, columns));
    try (CompiledNodes compiled = CompiledNodes.of(nodes, precision, "CPU")) {
      return compiled.evaluate(samples).get("x").get();
    }
  }

  /** {@return loss, metrics and gradients of a loss on samples} */
  static Evaluation evaluate(Loss loss, Surface surface, Samples samples, Precision precision) {
    try (CompiledLoss compiled = CompiledLoss.of(Compile.of(loss).precision(precision), surface)) {
      return compiled.evaluate(samples);
    }
  }
}
