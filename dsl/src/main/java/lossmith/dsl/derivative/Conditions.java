package lossmith.dsl.derivative;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;

/** The rules of conditions. */
final class Conditions {
  private Conditions() {}

  static Node compare(Simplify s, CompareOp op, Node x, Node y) {
    if (x instanceof Node.Constant a && y instanceof Node.Constant b) {
      boolean yes =
          switch (op) {
            case BELOW -> a.value() < b.value();
            case AT_MOST -> a.value() <= b.value();
            case EQUAL -> a.value() == b.value();
          };
      return s.intern(Nodes.truth(yes, x.level()));
    }
    if (x == y) {
      return s.intern(Nodes.truth(op != CompareOp.BELOW, x.level()));
    }
    boolean unbounded =
        Constants.is(x, Double.NEGATIVE_INFINITY) || Constants.is(y, Double.POSITIVE_INFINITY);
    if (unbounded && op == CompareOp.AT_MOST) {
      return s.intern(Nodes.truth(true, x.level()));
    }
    return s.intern(Nodes.compare(op, x, y));
  }

  static Node logic(Simplify s, boolean all, Node x, Node y) {
    if (x instanceof Node.Truth t) {
      return t.value() == all ? y : x;
    }
    if (y instanceof Node.Truth t) {
      return t.value() == all ? x : y;
    }
    if (x == y) {
      return x;
    }
    if (s.not(x) == y) {
      return s.intern(Nodes.truth(!all, x.level()));
    }
    if (all) {
      Node given = assuming(s, x, y);
      if (given != x) {
        return s.and(given, y);
      }
      Node other = assuming(s, y, x);
      if (other != y) {
        return s.and(x, other);
      }
    }
    return s.intern(Nodes.logic(all, x, y));
  }

  /** x, knowing that {@code inside} holds: where low ≤ z ≤ high, clip(z, low, high) is z. */
  private static Node assuming(Simplify s, Node x, Node inside) {
    if (inside instanceof Node.Logic both
        && both.all()
        && both.left() instanceof Node.Compare above
        && both.right() instanceof Node.Compare below
        && above.op() == CompareOp.AT_MOST
        && below.op() == CompareOp.AT_MOST
        && above.right() == below.left()
        && x.level() != Level.Name.VOCABULARY) {
      Node clipped = s.intern(Nodes.clip(below.left(), above.left(), below.right()));
      return elementwise(s, x).given(clipped, below.left()).of(x);
    }
    return x;
  }

  /**
   * A fold that leaves alone whatever looks at other elements: an assumption about one says nothing
   * of them.
   */
  private static Fold<Node> elementwise(Simplify s, Node root) {
    Fold<Node> fold = new Fold<>(s);
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      boolean looksAround =
          node instanceof Node.Broadcast
              || node.children().exists(child -> child.level() != node.level());
      if (looksAround
          || node instanceof Node.Neighbour
          || node instanceof Node.Scan
          || node instanceof Node.Share
          || node instanceof Node.Permute
          || node instanceof Node.Rank) {
        fold = fold.given(node, node);
      } else {
        node.children().forEach(open::push);
      }
    }
    return fold;
  }
}
