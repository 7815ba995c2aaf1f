package lossmith.dsl.print;

import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;

/** What a node is, where that has a shorter formula than its parts. */
final class NodePatterns {
  private NodePatterns() {}

  /** Whether a bound is none. */
  static boolean infinite(Node bound) {
    Node value = bound instanceof Node.Broadcast b ? b.of() : bound;
    return value instanceof Node.Constant c && Double.isInfinite(c.value());
  }

  /** Whether this is a constant of that value. */
  static boolean number(Node node, double value) {
    Node inner = node instanceof Node.Broadcast b ? b.of() : node;
    return inner instanceof Node.Constant c && c.value() == value;
  }

  /** What this is the negative of; log π of the token where it is of nothing. */
  static Node negated(Node node) {
    return node instanceof Node.Binary b
            && b.op() == BinaryOp.PROB_TIMES
            && b.right() instanceof Node.Unary u
            && u.op() == UnaryOp.NEGATE
            && u.of() == b.left()
        ? Nodes.binary(BinaryOp.PROB_TIMES, b.left(), u.of())
        : node instanceof Node.Unary u && u.op() == UnaryOp.NEGATE ? u.of() : Nodes.sampled();
  }

  /** Whether this is π(v) · log π(v). */
  static boolean plogp(Node node) {
    return node instanceof Node.Binary product
        && product.op() == BinaryOp.PROB_TIMES
        && product.left() instanceof Node.Input input
        && input.name().equals(Columns.LOG_PI)
        && product.right() == product.left();
  }

  /** Whether many have this in common, so that readers expect it on the right. */
  static boolean common(Node node) {
    Node bare = node instanceof Node.Broadcast b ? b.of() : node;
    return bare instanceof Node.Quantile || (bare != node && bare instanceof Node.Reduce);
  }
}
