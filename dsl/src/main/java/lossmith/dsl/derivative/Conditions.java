package lossmith.dsl.derivative;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;

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
    if (joins(all, x, y)) {
      return x;
    }
    if (joins(all, y, x)) {
      return y;
    }
    if (joins(!all, x, y)) {
      return y;
    }
    if (joins(!all, y, x)) {
      return x;
    }
    if (!all && x instanceof Node.Logic a && a.all() && y instanceof Node.Logic b && b.all()) {
      if (a.left() == b.left() && s.not(a.right()) == b.right()) {
        return a.left();
      }
      if (a.right() == b.right() && s.not(a.left()) == b.left()) {
        return a.right();
      }
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

  /** Whether the two can never hold together, as their shape shows. */
  static boolean exclusive(Simplify s, Node x, Node y) {
    Node not = s.not(y);
    return x == not
        || joins(true, x, not)
        || joins(true, y, s.not(x))
        || (x instanceof Node.Logic logic
            && logic.all()
            && (exclusive(s, logic.left(), y) || exclusive(s, logic.right(), y)));
  }

  /** Whether a sum of selections is 0 wherever {@code when} does not hold, as its shape shows. */
  static boolean within(Node sum, Node when) {
    if (sum instanceof Node.Unary u && u.op() == UnaryOp.NEGATE) {
      return within(u.of(), when);
    }
    if (sum instanceof Node.Binary b && (b.op() == BinaryOp.PLUS || b.op() == BinaryOp.MINUS)) {
      return within(b.left(), when) && within(b.right(), when);
    }
    return sum instanceof Node.Select s
        && Constants.is(s.right(), 0)
        && (s.when() == when || joins(true, s.when(), when) || joins(false, when, s.when()));
  }

  /** Whether {@code part} is one of the conditions that {@code whole} joins in the same way. */
  private static boolean joins(boolean all, Node whole, Node part) {
    return whole instanceof Node.Logic logic
        && logic.all() == all
        && (logic.left() == part
            || logic.right() == part
            || joins(all, logic.left(), part)
            || joins(all, logic.right(), part));
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
   * A fold that leaves alone whatever looks at other elements, since an assumption about one says
   * nothing of them, and whatever has a name, which would mean two things otherwise.
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
          || node instanceof Node.Named
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
