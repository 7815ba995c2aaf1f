package lossmith.dsl.pieces;

import io.vavr.collection.Map;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;

/**
 * A total that needs the numbers of all pieces side by side: a rank, a quantile, an order, sums by
 * a key, the rounding of what was recorded.
 *
 * @param name the column that stands for it, one number for the batch or one for each element
 * @param node the node
 */
public record Ordered(String name, Node node) implements BatchTotal {
  /** What {@link #asked} calls the operands of a node, in their order. */
  private static final String OPERAND = " operand ";

  @Override
  public Map<String, Node> asked() {
    return node.children()
        .zipWithIndex()
        .toLinkedMap(one -> name + OPERAND + one._2, one -> number(one._1));
  }

  private static Node number(Node node) {
    return node.condition()
        ? Nodes.select(node, Nodes.constant(1, node.level()), Nodes.constant(0, node.level()))
        : node;
  }
}
