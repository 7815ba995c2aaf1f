package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;

/** The rules of comparisons, and what conditions say of each other. */
public final class Conditions {
  static final Seq<Rule<?>> RULES =
      List.of(
          new Rule<>(
              Node.Compare.class,
              "c < d is true or false, likewise ≤ and =",
              (s, x) ->
                  Constants.value(x.left())
                      .flatMap(c -> Constants.value(x.right()).map(d -> holds(x.op(), c, d)))
                      .map(yes -> s.truth(yes, x.level()))),
          new Rule<>(
              Node.Compare.class,
              "x ≤ x, x = x, never x < x",
              (s, x) ->
                  Option.when(
                      x.left() == x.right(), () -> s.truth(x.op() != CompareOp.BELOW, x.level()))),
          new Rule<>(
              Node.Compare.class,
              "−∞ ≤ x, x ≤ ∞",
              (s, x) ->
                  Option.when(
                      x.op() == CompareOp.AT_MOST
                          && (Constants.is(x.left(), Double.NEGATIVE_INFINITY)
                              || Constants.is(x.right(), Double.POSITIVE_INFINITY)),
                      () -> s.truth(true, x.level()))));

  private Conditions() {}

  private static boolean holds(CompareOp op, double x, double y) {
    return switch (op) {
      case BELOW -> x < y;
      case AT_MOST -> x <= y;
      case EQUAL -> x == y;
    };
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
