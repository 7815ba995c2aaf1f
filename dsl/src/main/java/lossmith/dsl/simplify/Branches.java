package lossmith.dsl.simplify;

import java.util.function.UnaryOperator;
import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;

/**
 * Simplifies each branch of a select under the assumption that its condition holds, and nothing
 * else. A division that was made safe for the other cases reads as the division again.
 */
public final class Branches extends Rebuild {
  /** The rewriting. */
  public Branches() {}

  /** {@return the node, the same numbers} */
  public Node of(Node node) {
    return new Fold<>(this).of(node);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    boolean zero =
        right instanceof Node.Broadcast spread
            ? Constants.is(spread.of(), 0)
            : Constants.is(right, 0);
    Node known = zero ? Facts.of(when).ofWholes().within(UnaryOperator.identity(), left) : left;
    return super.select(node, when, known, right);
  }
}
