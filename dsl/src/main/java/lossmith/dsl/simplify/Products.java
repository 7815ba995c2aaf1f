package lossmith.dsl.simplify;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;

/**
 * The rules of arithmetic: neutral elements, signs to the outside, one fraction instead of many.
 */
final class Products {
  private Products() {}

  static Node binary(Simplify s, BinaryOp op, Node x, Node y) {
    if (x instanceof Node.Constant a && y instanceof Node.Constant b) {
      Option<Double> value = Constants.of(op, a.value(), b.value());
      if (value.isDefined()) {
        return s.constant(value.get(), x.level());
      }
    }
    return switch (op) {
      case PLUS -> plus(s, x, y);
      case MINUS -> minus(s, x, y);
      case TIMES -> times(s, x, y);
      case DIVIDE -> divide(s, x, y);
      case MIN, MAX -> x == y ? x : s.intern(Nodes.binary(op, x, y));
      case EXP_TIMES -> Constants.is(y, 0) ? y : signOut(s, op, x, y);
      case LOG_ADD_EXP, SHARE -> s.intern(Nodes.binary(op, x, y));
    };
  }

  private static Node signOut(Simplify s, BinaryOp op, Node x, Node y) {
    return y instanceof Node.Unary u && u.op() == UnaryOp.NEGATE
        ? s.negate(s.binary(op, x, u.of()))
        : s.intern(Nodes.binary(op, x, y));
  }

  private static Node plus(Simplify s, Node x, Node y) {
    if (Constants.is(x, 0)) {
      return y;
    }
    if (Constants.is(y, 0)) {
      return x;
    }
    if (negated(y)) {
      return s.minus(x, s.negate(y));
    }
    if (negated(x)) {
      return s.minus(y, s.negate(x));
    }
    if (x instanceof Node.Select a
        && y instanceof Node.Select b
        && Constants.is(a.right(), 0)
        && Constants.is(b.right(), 0)
        && a.left() == b.left()
        && Conditions.exclusive(s, a.when(), b.when())) {
      return s.select(s.or(a.when(), b.when()), a.left(), a.right());
    }
    return overOne(s, BinaryOp.PLUS, x, y)
        .getOrElse(() -> s.intern(Nodes.binary(BinaryOp.PLUS, x, y)));
  }

  private static Node minus(Simplify s, Node x, Node y) {
    if (Constants.is(y, 0)) {
      return x;
    }
    if (Constants.is(x, 0)) {
      return s.negate(y);
    }
    if (x == y && x.level() != Level.Name.VOCABULARY) { // a logit may be -inf
      return s.zero(x);
    }
    if (negated(y)) {
      return s.plus(x, s.negate(y));
    }
    if (negated(x)) {
      return s.negate(s.plus(s.negate(x), y));
    }
    return overOne(s, BinaryOp.MINUS, x, y)
        .getOrElse(() -> s.intern(Nodes.binary(BinaryOp.MINUS, x, y)));
  }

  /** a/c ± b/c as one fraction. */
  private static Option<Node> overOne(Simplify s, BinaryOp op, Node x, Node y) {
    return x instanceof Node.Binary a
            && y instanceof Node.Binary b
            && a.op() == BinaryOp.DIVIDE
            && b.op() == BinaryOp.DIVIDE
            && a.right() == b.right()
        ? Option.some(s.divide(s.binary(op, a.left(), b.left()), a.right()))
        : Option.none();
  }

  private static Node times(Simplify s, Node x, Node y) {
    if (Constants.is(x, 0) || Constants.is(y, 1)) {
      return x;
    }
    if (Constants.is(y, 0) || Constants.is(x, 1)) {
      return y;
    }
    if (negated(x)) {
      return s.negate(s.times(s.negate(x), y));
    }
    if (negated(y)) {
      return s.negate(s.times(x, s.negate(y)));
    }
    if (x instanceof Node.Binary f && f.op() == BinaryOp.DIVIDE) {
      return s.divide(s.times(f.left(), y), f.right());
    }
    if (y instanceof Node.Binary f && f.op() == BinaryOp.DIVIDE) {
      return s.divide(s.times(x, f.left()), f.right());
    }
    if (y instanceof Node.Constant && !(x instanceof Node.Constant)) {
      return s.times(y, x);
    }
    if (y instanceof Node.Binary f
        && f.op() == BinaryOp.TIMES
        && f.left() instanceof Node.Constant factor) {
      return s.times(s.times(factor, x), f.right());
    }
    return underExp(s, x, y)
        .orElse(() -> underExp(s, y, x))
        .getOrElse(() -> s.intern(Nodes.binary(BinaryOp.TIMES, x, y)));
  }

  /** (e^u · a) · y as e^u · (a · y): where u = −∞ the product is 0, whatever y is. */
  private static Option<Node> underExp(Simplify s, Node x, Node y) {
    boolean entry = y.level() == Level.Name.VOCABULARY && !(y instanceof Node.Broadcast);
    if (!entry || y instanceof Node.Constant || !(x instanceof Node.Binary f)) {
      return Option.none();
    }
    if (f.op() == BinaryOp.EXP_TIMES) {
      return Option.some(s.binary(BinaryOp.EXP_TIMES, f.left(), s.times(f.right(), y)));
    }
    return f.op() == BinaryOp.TIMES && f.left() instanceof Node.Constant factor
        ? underExp(s, f.right(), y).map(product -> s.times(factor, product))
        : Option.none();
  }

  private static Node divide(Simplify s, Node x, Node y) {
    if (Constants.is(x, 0) || Constants.is(y, 1)) {
      return x;
    }
    if (negated(x)) {
      return s.negate(s.divide(s.negate(x), y));
    }
    if (x instanceof Node.Binary f && f.op() == BinaryOp.DIVIDE) {
      return s.divide(f.left(), s.times(f.right(), y));
    }
    return s.intern(Nodes.binary(BinaryOp.DIVIDE, x, y));
  }

  private static boolean negated(Node x) {
    if (x instanceof Node.Unary u) {
      return u.op() == UnaryOp.NEGATE;
    }
    return x instanceof Node.Constant c && c.value() < 0;
  }
}
