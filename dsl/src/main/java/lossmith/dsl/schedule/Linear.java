package lossmith.dsl.schedule;

import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/** Whether a node is linear in one of its live children, conditions and detached factors held. */
final class Linear {
  private Linear() {}

  static boolean in(Node parent, Node child) {
    if (parent instanceof Node.Unary x) {
      return x.op() == UnaryOp.NEGATE;
    }
    if (parent instanceof Node.Binary x) {
      return switch (x.op()) {
        case PLUS, MINUS -> true;
        case TIMES -> !(x.left().live() && x.right().live());
        case DIVIDE -> !x.right().live();
        case MIN, MAX, LOG_ADD_EXP, SHARE, EXP_TIMES -> false;
      };
    }
    if (parent instanceof Node.Reduce) {
      return isSum(parent);
    }
    return !(parent instanceof Node.Clip);
  }

  /** Sums and means. */
  static boolean isSum(Node node) {
    return node instanceof Node.Reduce x && (x.op() == ReduceOp.SUM || x.op() == ReduceOp.MEAN);
  }
}
