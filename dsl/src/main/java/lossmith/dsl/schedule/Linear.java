package lossmith.dsl.schedule;

import lossmith.dsl.ByDependence;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/** Whether a node is linear in each live child, conditions and detached factors being constant. */
final class Linear extends ByDependence<Boolean> {
  private Linear() {}

  static boolean is(Node node) {
    return node.match(new Linear());
  }

  /** Sums and means. */
  static boolean isSum(Node node) {
    return node instanceof Node.Reduce x && (x.op() == ReduceOp.SUM || x.op() == ReduceOp.MEAN);
  }

  @Override
  public Boolean unary(Node.Unary node) {
    return node.op() == UnaryOp.NEGATE;
  }

  @Override
  public Boolean binary(Node.Binary node) {
    return switch (node.op()) {
      case PLUS, MINUS -> true;
      case TIMES -> !(node.left().live() && node.right().live());
      case DIVIDE -> !node.right().live();
      case MIN, MAX, LOG_ADD_EXP, SIGMOID_DIFF, PROB_TIMES -> false;
    };
  }

  @Override
  public Boolean clip(Node.Clip node) {
    return false;
  }

  @Override
  protected Boolean leaf(Node.Leaf node) {
    return true;
  }

  @Override
  protected Boolean elementwise(Node node) {
    return true;
  }

  @Override
  protected Boolean around(Node node, Level.Name within) {
    return true;
  }

  @Override
  protected Boolean reducing(Node node, Level.Name to) {
    return isSum(node);
  }
}
