package lossmith.pieces;

import io.vavr.collection.Map;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledNodes;
import lossmith.ops.memory.Precision;

/**
 * What is computed on every piece of a batch.
 *
 * @param nodes bound nodes by name
 * @param precision the type of the numbers
 * @param device {@code CPU} or {@code GPU:0}
 * @param parameters values by name; one that is not here has its default, and one that no node
 *     reads is left aside
 * @param view how a piece is seen
 */
public record PieceWork(
    Map<String, Node> nodes,
    Precision precision,
    String device,
    Map<String, Double> parameters,
    PieceView view) {
  /** {@return the same work of other nodes} */
  PieceWork of(Map<String, Node> others) {
    return new PieceWork(others, precision, device, parameters, view);
  }

  /** {@return the nodes, ready for every piece, to be closed} */
  public CompiledNodes compile() {
    return CompiledNodes.of(nodes, precision, device);
  }

  /**
   * {@return the numbers of each node by its name, one per element of its level}
   *
   * @param compiled the nodes
   * @param piece a piece as it is seen, with what is known of the batch
   */
  public Map<String, double[]> on(CompiledNodes compiled, Samples piece) {
    return compiled.evaluate(piece, parameters.filterKeys(compiled.parameters()::containsKey));
  }
}
