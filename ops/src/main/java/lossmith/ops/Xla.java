package lossmith.ops;

import org.tensorflow.Graph;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * Functions compiled by XLA without environment variables: calls and bodies are marked in the
 * exported graph, which is then read again.
 */
final class Xla {
  private static final String MUST = "_XlaMustCompile";

  private Xla() {}

  /** A new graph in which every called function is compiled. */
  static Graph compiled(Graph graph) {
    AttrValue yes = AttrValue.newBuilder().setB(true).build();
    GraphDef.Builder marked = graph.toGraphDef().toBuilder();
    marked
        .getNodeBuilderList()
        .forEach(
            node -> {
              if (node.getOp().endsWith("PartitionedCall")) {
                var unused = node.putAttr(MUST, yes);
              }
            });
    marked
        .getLibraryBuilder()
        .getFunctionBuilderList()
        .forEach(
            function -> {
              var unused = function.putAttr(MUST, yes);
            });
    Graph compiled = new Graph();
    compiled.importGraphDef(marked.build());
    return compiled;
  }

  /**
   * How a session runs such a graph: no rewriting of its own, and a pool of its own with this many
   * threads.
   */
  static ConfigProto session(int threads) {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads)
        .setInterOpParallelismThreads(1)
        .setUsePerSessionThreads(true)
        .setGraphOptions(
            GraphOptions.newBuilder()
                .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true))
                .setOptimizerOptions(
                    OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0)))
        .build();
  }
}
