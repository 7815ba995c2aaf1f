package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Σ over everything that exists, in closed form where there is one: zeros, differences to the mean,
 * one-hot rows; over the vocabulary also term by term, what is one number for the whole row taken
 * out of the sum. So Σ_u G_u of the softmax needs no pass of its own over the row.
 */
final class Sums {
  private Sums() {}

  static Node over(Simplify simplify, Node x, Level.Name to) {
    if (Constants.is(x, 0) || Centring.vanishes(x, to)) {
      return simplify.constant(0, to);
    }
    if (x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE) {
      return simplify.negate(over(simplify, u.of(), to));
    }
    if (x.level() == Level.Name.VOCABULARY && to == Level.Name.TOKEN) {
      return row(simplify, x);
    }
    return plain(simplify, x, to);
  }

  private static Node plain(Simplify simplify, Node x, Level.Name to) {
    return simplify.intern(Nodes.reduce(ReduceOp.SUM, x, to, 0, Option.none()));
  }

  /** Over one row of the vocabulary. */
  private static Node row(Simplify simplify, Node x) {
    if (x instanceof Node.Select s
        && s.when() instanceof Node.Sampled
        && Constants.is(s.right(), 0)) {
      Option<Node> number = number(simplify, s.left());
      if (number.isDefined()) {
        return number.get();
      }
    }
    if (x instanceof Node.Binary b) {
      switch (b.op()) {
        case PLUS, MINUS -> {
          return simplify.binary(
              b.op(),
              over(simplify, b.left(), Level.Name.TOKEN),
              over(simplify, b.right(), Level.Name.TOKEN));
        }
        case TIMES, DIVIDE -> {
          Taken taken = Taken.out(simplify, x);
          if (!taken.none()) {
            return taken.of(simplify, over(simplify, taken.rest, Level.Name.TOKEN));
          }
        }
        case PROB_TIMES -> {
          return expectation(simplify, b.left(), b.right());
        }
        default -> {}
      }
    }
    return plain(simplify, x, Level.Name.TOKEN);
  }

  /** Σ exp(a)·y: term by term of y, a row's number taken out. */
  private static Node expectation(Simplify simplify, Node a, Node y) {
    if (y instanceof Node.Unary u && u.op() == UnaryOp.NEGATE) {
      return simplify.negate(expectation(simplify, a, u.of()));
    }
    if (y instanceof Node.Binary b && (b.op() == BinaryOp.PLUS || b.op() == BinaryOp.MINUS)) {
      return simplify.binary(
          b.op(), expectation(simplify, a, b.left()), expectation(simplify, a, b.right()));
    }
    Taken taken = Taken.out(simplify, y);
    Node rest = simplify.binary(BinaryOp.PROB_TIMES, a, taken.rest);
    return taken.of(simplify, plain(simplify, rest, Level.Name.TOKEN));
  }

  /** The number per token whose spread over the vocabulary this is. */
  private static Option<Node> number(Simplify simplify, Node x) {
    if (x instanceof Node.Broadcast b) {
      return Option.some(simplify.spread(b.of(), Level.Name.TOKEN));
    }
    if (x instanceof Node.Constant c) {
      return Option.some(simplify.constant(c.value(), Level.Name.TOKEN));
    }
    if (x instanceof Node.Unary u) {
      return number(simplify, u.of()).map(of -> simplify.unary(u.op(), of));
    }
    return x instanceof Node.Binary b
        ? number(simplify, b.left())
            .flatMap(
                left ->
                    number(simplify, b.right()).map(right -> simplify.binary(b.op(), left, right)))
        : Option.none();
  }

  /** A product with the factors that are one number for the whole row taken out of it. */
  private static final class Taken {
    private final List<Node> above;
    private final List<Node> below;
    private final Node rest;

    private Taken(List<Node> above, List<Node> below, Node rest) {
      this.above = above;
      this.below = below;
      this.rest = rest;
    }

    static Taken out(Simplify simplify, Node x) {
      Option<Node> number = number(simplify, x);
      if (number.isDefined()) {
        Node one = simplify.constant(1, Level.Name.VOCABULARY);
        boolean unit = Constants.is(number.get(), 1);
        return new Taken(unit ? List.empty() : List.of(number.get()), List.empty(), one);
      }
      if (x instanceof Node.Binary b && b.op() == BinaryOp.TIMES) {
        Taken left = out(simplify, b.left());
        Taken right = out(simplify, b.right());
        return new Taken(
            left.above.appendAll(right.above),
            left.below.appendAll(right.below),
            simplify.times(left.rest, right.rest));
      }
      if (x instanceof Node.Binary b && b.op() == BinaryOp.DIVIDE) {
        Option<Node> divisor = number(simplify, b.right());
        if (divisor.isDefined()) {
          Taken left = out(simplify, b.left());
          return new Taken(left.above, left.below.append(divisor.get()), left.rest);
        }
      }
      return new Taken(List.empty(), List.empty(), x);
    }

    boolean none() {
      return above.isEmpty() && below.isEmpty();
    }

    Node of(Simplify simplify, Node sum) {
      Node product = above.foldLeft(sum, (all, factor) -> simplify.times(factor, all));
      return below.foldLeft(product, simplify::divide);
    }
  }
}
