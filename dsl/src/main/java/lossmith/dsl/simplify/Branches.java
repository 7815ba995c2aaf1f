package lossmith.dsl.simplify;

import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;

/**
 * Rewrites no more than this: what counts only where a condition holds is written as it is there. A
 * division that was made safe for the other cases reads as the division again.
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
    Node known = zero ? Facts.of(when).ofWholes().within(new Rebuild(), left) : left;
    return super.select(node, when, known, right);
  }
}
