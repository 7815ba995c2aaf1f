package lossmith.dsl.simplify;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;

/**
 * The rules of arithmetic: neutral elements, signs to the outside, one fraction instead of many.
 */
final class Products {
  static final Seq<Rule<?>> RULES =
      List.of(
          new Rule<>(
              Node.Binary.class,
              "c + d is a constant, likewise with another operation",
              (s, x) ->
                  Constants.value(x.left())
                      .flatMap(c -> Constants.value(x.right()).map(d -> Tuple.of(c, d)))
                      .flatMap(both -> Constants.of(x.op(), both._1, both._2))
                      .map(value -> s.constant(value, x.level()))),
          rule(BinaryOp.PLUS, "0 + x = x", (s, x, y) -> Option.when(Constants.is(x, 0), y)),
          rule(BinaryOp.PLUS, "x + 0 = x", (s, x, y) -> Option.when(Constants.is(y, 0), x)),
          rule(
              BinaryOp.PLUS,
              "x + (−y) = x − y",
              (s, x, y) -> positive(s, y).map(z -> s.minus(x, z))),
          rule(
              BinaryOp.PLUS,
              "(−x) + y = y − x",
              (s, x, y) -> positive(s, x).map(z -> s.minus(y, z))),
          rule(BinaryOp.PLUS, "1[a]·x + 1[b]·x = 1[a ∨ b]·x, if never a ∧ b", Products::either),
          rule(
              BinaryOp.PLUS, "x/z + y/z = (x + y)/z", (s, x, y) -> overOne(s, BinaryOp.PLUS, x, y)),
          rule(BinaryOp.MINUS, "x − 0 = x", (s, x, y) -> Option.when(Constants.is(y, 0), x)),
          rule(
              BinaryOp.MINUS,
              "0 − x = −x",
              (s, x, y) -> Option.when(Constants.is(x, 0), () -> s.negate(y))),
          rule(
              BinaryOp.MINUS,
              "x − x = 0, unless of the vocabulary, where x may be −∞",
              (s, x, y) ->
                  Option.when(x == y && x.level() != Level.Name.VOCABULARY, () -> s.zero(x))),
          rule(
              BinaryOp.MINUS,
              "x − (−y) = x + y",
              (s, x, y) -> positive(s, y).map(z -> s.plus(x, z))),
          rule(
              BinaryOp.MINUS,
              "(−x) − y = −(x + y)",
              (s, x, y) -> positive(s, x).map(z -> s.negate(s.plus(z, y)))),
          rule(
              BinaryOp.MINUS,
              "x/z − y/z = (x − y)/z",
              (s, x, y) -> overOne(s, BinaryOp.MINUS, x, y)),
          rule(BinaryOp.TIMES, "0·x = 0", (s, x, y) -> Option.when(Constants.is(x, 0), x)),
          rule(BinaryOp.TIMES, "x·1 = x", (s, x, y) -> Option.when(Constants.is(y, 1), x)),
          rule(BinaryOp.TIMES, "x·0 = 0", (s, x, y) -> Option.when(Constants.is(y, 0), y)),
          rule(BinaryOp.TIMES, "1·x = x", (s, x, y) -> Option.when(Constants.is(x, 1), y)),
          rule(
              BinaryOp.TIMES,
              "(−x)·y = −(x·y)",
              (s, x, y) -> positive(s, x).map(z -> s.negate(s.times(z, y)))),
          rule(
              BinaryOp.TIMES,
              "x·(−y) = −(x·y)",
              (s, x, y) -> positive(s, y).map(z -> s.negate(s.times(x, z)))),
          rule(
              BinaryOp.TIMES,
              "(x/z)·y = (x·y)/z",
              (s, x, y) -> fraction(x).map(f -> s.divide(s.times(f.left(), y), f.right()))),
          rule(
              BinaryOp.TIMES,
              "x·(y/z) = (x·y)/z",
              (s, x, y) -> fraction(y).map(f -> s.divide(s.times(x, f.left()), f.right()))),
          rule(
              BinaryOp.TIMES,
              "x·c = c·x",
              (s, x, y) ->
                  Option.when(
                      y instanceof Node.Constant && !(x instanceof Node.Constant),
                      () -> s.times(y, x))),
          rule(BinaryOp.TIMES, "x·(c·y) = (c·x)·y", Products::factorFirst),
          rule(BinaryOp.TIMES, "(e^u·x)·y = e^u·(x·y)", Products::underExp),
          rule(BinaryOp.TIMES, "x·(e^u·y) = e^u·(y·x)", (s, x, y) -> underExp(s, y, x)),
          rule(BinaryOp.DIVIDE, "0/x = 0", (s, x, y) -> Option.when(Constants.is(x, 0), x)),
          rule(BinaryOp.DIVIDE, "x/1 = x", (s, x, y) -> Option.when(Constants.is(y, 1), x)),
          rule(
              BinaryOp.DIVIDE,
              "(−x)/y = −(x/y)",
              (s, x, y) -> positive(s, x).map(z -> s.negate(s.divide(z, y)))),
          rule(
              BinaryOp.DIVIDE,
              "(x/y)/z = x/(y·z)",
              (s, x, y) -> fraction(x).map(f -> s.divide(f.left(), s.times(f.right(), y)))),
          rule(BinaryOp.MIN, "min(x, x) = x", (s, x, y) -> Option.when(x == y, x)),
          rule(BinaryOp.MAX, "max(x, x) = x", (s, x, y) -> Option.when(x == y, x)),
          rule(BinaryOp.PROB_TIMES, "e^u·0 = 0", (s, x, y) -> Option.when(Constants.is(y, 0), y)),
          rule(
              BinaryOp.PROB_TIMES,
              "e^u·(−x) = −(e^u·x)",
              (s, x, y) -> negated(y).map(z -> s.negate(s.binary(BinaryOp.PROB_TIMES, x, z)))));

  private Products() {}

  /** What a rule makes of an operation on two terms. */
  private interface OfTwo {
    Option<Node> of(Simplify s, Node x, Node y);
  }

  private static Rule<?> rule(BinaryOp op, String law, OfTwo rewriting) {
    return new Rule<>(
        Node.Binary.class,
        law,
        (s, node) -> node.op() == op ? rewriting.of(s, node.left(), node.right()) : Option.none());
  }

  private static Option<Node> either(Simplify s, Node x, Node y) {
    return x instanceof Node.Select a
            && y instanceof Node.Select b
            && Constants.is(a.right(), 0)
            && Constants.is(b.right(), 0)
            && a.left() == b.left()
            && Conditions.exclusive(s, a.when(), b.when())
        ? Option.some(s.when(s.or(a.when(), b.when()), a.left()))
        : Option.none();
  }

  private static Option<Node> overOne(Simplify s, BinaryOp op, Node x, Node y) {
    return fraction(x)
        .flatMap(
            a ->
                fraction(y)
                    .filter(b -> a.right() == b.right())
                    .map(b -> s.divide(s.binary(op, a.left(), b.left()), a.right())));
  }

  private static Option<Node> factorFirst(Simplify s, Node x, Node y) {
    return y instanceof Node.Binary f
            && f.op() == BinaryOp.TIMES
            && f.left() instanceof Node.Constant factor
        ? Option.some(s.times(s.times(factor, x), f.right()))
        : Option.none();
  }

  /** Where u = −∞ the product is 0, whatever y is. */
  private static Option<Node> underExp(Simplify s, Node x, Node y) {
    boolean entry = y.level() == Level.Name.VOCABULARY && !(y instanceof Node.Broadcast);
    if (!entry || y instanceof Node.Constant || !(x instanceof Node.Binary f)) {
      return Option.none();
    }
    if (f.op() == BinaryOp.PROB_TIMES) {
      return Option.some(s.binary(BinaryOp.PROB_TIMES, f.left(), s.times(f.right(), y)));
    }
    return f.op() == BinaryOp.TIMES && f.left() instanceof Node.Constant factor
        ? underExp(s, f.right(), y).map(product -> s.times(factor, product))
        : Option.none();
  }

  private static Option<Node.Binary> fraction(Node x) {
    return x instanceof Node.Binary f && f.op() == BinaryOp.DIVIDE ? Option.some(f) : Option.none();
  }

  /** x of −x. */
  private static Option<Node> negated(Node x) {
    return x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE
        ? Option.some(u.of())
        : Option.none();
  }

  /** x of −x, and the positive constant of a negative one. */
  private static Option<Node> positive(Simplify s, Node x) {
    return x instanceof Node.Constant c && c.value() < 0 ? Option.some(s.negate(x)) : negated(x);
  }
}
