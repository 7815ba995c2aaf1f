package lossmith.proofs.known;

import io.vavr.collection.List;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.proofs.role.PresumedRole;

/**
 * The same term as who writes it by hand has it: nothing stands where numbers agree to rounding.
 */
final class Unguarded extends Rebuild {
  /** What keeps a divisor from 0. */
  private static final double SMALL = 1e-6;

  private Unguarded() {}

  static Node of(Node node) {
    return new Fold<>(new Unguarded()).of(node);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    boolean guards =
        Graph.only(Node.Reduce.class, Graph.below(List.of(when), Node::children))
            .exists(one -> one.op() == ReduceOp.ULP);
    return !node.live() && (guards || isBounded(when, left, right))
        ? left
        : super.select(node, when, left, right);
  }

  /** Whether a divisor is taken where it is above a small number, and a constant elsewhere. */
  private static boolean isBounded(Node when, Node left, Node right) {
    return PresumedRole.plain(when) instanceof Node.Compare above
        && PresumedRole.plain(right) instanceof Node.Constant
        && ((isDivisor(above.left(), left) && isSmall(above.right()))
            || (isDivisor(above.right(), left) && isSmall(above.left())));
  }

  private static boolean isDivisor(Node compared, Node divisor) {
    return PresumedRole.plain(compared).equals(PresumedRole.plain(divisor));
  }

  private static boolean isSmall(Node bound) {
    return PresumedRole.plain(bound) instanceof Node.Constant least
        && Math.abs(least.value()) <= SMALL;
  }
}
