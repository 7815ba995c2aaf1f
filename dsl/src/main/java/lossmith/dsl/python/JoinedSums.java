package lossmith.dsl.python;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;

/**
 * Sums over a row that are only read together, as one: Σ_v p_v x_v − Σ_v p_v y_v is Σ_v p_v (x_v −
 * y_v), and so with a plus, so that the row is gone through once. Sums that are read on their own
 * too stay as they are.
 */
final class JoinedSums extends Rebuild {
  private final IdentityHashMap<Node, Integer> uses = new IdentityHashMap<>();
  private final HashConsing sharing = new HashConsing();
  private final Fold<Node> fold = new Fold<>(this, sharing::intern);

  /**
   * Looks at who reads what.
   *
   * @param roots all that is computed of the rows, equal nodes the same object
   */
  JoinedSums(Seq<Node> roots) {
    Seq<Node> each = roots.distinct();
    each.appendAll(Graph.below(each, Node::children).flatMap(Node::children))
        .forEach(read -> uses.merge(read, 1, Integer::sum));
  }

  /** {@return the same value in fewer sums} */
  Node of(Node root) {
    return fold.of(root);
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    boolean alone =
        (node.op() == BinaryOp.PLUS || node.op() == BinaryOp.MINUS)
            && uses.getOrDefault(node.left(), 0) == 1
            && uses.getOrDefault(node.right(), 0) == 1;
    return Option.when(alone, () -> joined(node.op(), left, right))
        .flatMap(one -> one)
        .getOrElse(() -> super.binary(node, left, right));
  }

  private static Option<Node> joined(BinaryOp op, Node left, Node right) {
    return weighted(left)
        .flatMap(
            a ->
                weighted(right)
                    .filter(b -> b.left().equals(a.left()))
                    .map(b -> Nodes.binary(op, a.right(), b.right()))
                    .map(both -> Nodes.binary(BinaryOp.PROB_TIMES, a.left(), both)))
        .map(of -> Nodes.reduce(ReduceOp.SUM, of, Level.Name.TOKEN, 0, Option.none()));
  }

  /** The p_v x_v of a sum of all of a row. */
  private static Option<Node.Binary> weighted(Node node) {
    return node instanceof Node.Reduce sum
            && sum.op() == ReduceOp.SUM
            && sum.to() == Level.Name.TOKEN
            && sum.where().isEmpty()
            && sum.of() instanceof Node.Binary product
            && product.op() == BinaryOp.PROB_TIMES
        ? Option.some(product)
        : Option.none();
  }
}
