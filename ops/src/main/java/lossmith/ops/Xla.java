package lossmith.ops;

import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;

/**
 * Functions compiled by XLA without environment variables: calls and bodies are marked in the
 * exported graph, which is then read again.
 */
final class Xla {
  private static final String MUST = "_XlaMustCompile";

  private Xla() {}

  /** A new graph, placed on a device, in which every called function is compiled. */
  static Graph compiled(Graph graph, DeviceSpec device) {
    String place = device.toString();
    AttrValue yes = AttrValue.newBuilder().setB(true).build();
    GraphDef.Builder marked = graph.toGraphDef().toBuilder();
    marked
        .getNodeBuilderList()
        .forEach(
            node -> {
              var placed = node.setDevice(place);
              if (node.getOp().endsWith("PartitionedCall")) {
                var unused = placed.putAttr(MUST, yes);
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
}
