package lossmith.dsl.simplify;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;

/** The simplifier where log π is known to come out of a softmax, so that Σ_v π(v) = 1. */
public final class SoftmaxSums extends Simplify {
  /** The simplifier. */
  public SoftmaxSums() {}

  @Override
  public Node of(Node node) {
    return super.of(new Simplify().of(node));
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    boolean policy =
        of instanceof Node.Binary product
            && product.op() == BinaryOp.PROB_TIMES
            && Constants.is(product.right(), 1)
            && product.left() instanceof Node.Input input
            && input.name().equals(Columns.LOG_PI);
    return policy && node.op() == ReduceOp.SUM && where.isEmpty()
        ? constant(1, node.to())
        : super.reduce(node, of, where);
  }
}
