package lossmith.proofs.known;

import io.vavr.collection.List;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;

/**
 * The same term as who writes it by hand has it: nothing stands where numbers agree to rounding.
 */
final class Unguarded extends Rebuild {
  private Unguarded() {}

  static Node of(Node node) {
    return new Fold<>(new Unguarded()).of(node);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    boolean guards =
        Graph.only(Node.Reduce.class, Graph.below(List.of(when), Node::children))
            .exists(one -> one.op() == ReduceOp.ULP);
    return guards && !node.live() ? left : super.select(node, when, left, right);
  }
}
