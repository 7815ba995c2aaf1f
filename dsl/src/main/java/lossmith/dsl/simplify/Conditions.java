package lossmith.dsl.simplify;

import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;

/** The rules of conditions. */
public final class Conditions {
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
    return new Connective(s, all, x.level()).of(x, y);
  }

  /** Whether the two can never hold together, as their shape shows. */
  public static boolean exclusive(Simplify s, Node x, Node y) {
    return s.and(x, y) instanceof Node.Truth both && !both.value();
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
        && Facts.of(s.when()).tell(when);
  }
}
