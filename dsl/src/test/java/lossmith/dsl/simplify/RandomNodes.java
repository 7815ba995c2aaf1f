package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Random;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Terms and conditions of random shape over two columns, x and y, with what rewriting looks for.
 */
final class RandomNodes {
  private static final Level.Name TOKEN = Level.Name.TOKEN;

  private static final List<CompareOp> OPS = List.of(CompareOp.values());

  private final Random random;
  private final Node x;
  private final Node y;

  RandomNodes(long seed) {
    this(seed, Nodes.given("x", TOKEN), Nodes.given("y", TOKEN));
  }

  RandomNodes(long seed, Node x, Node y) {
    this.random = new Random(seed);
    this.x = x;
    this.y = y;
  }

  private static Node number(double value) {
    return Nodes.constant(value, TOKEN);
  }

  /** A term, or as often a condition as 1 where it holds. */
  Node any() {
    return random.nextBoolean()
        ? term(4)
        : Nodes.select(condition(4), /* left= */ number(1), /* right= */ number(0));
  }

  private Node term(int depth) {
    if (depth == 0) {
      return switch (random.nextInt(4)) {
        case 0 -> x;
        case 1 -> y;
        default -> number(random.nextInt(4) - 1);
      };
    }
    Node a = term(depth - 1);
    Node b = term(random.nextInt(depth));
    return switch (random.nextInt(13)) {
      case 0 -> Nodes.binary(BinaryOp.PLUS, a, b);
      case 1 -> Nodes.binary(BinaryOp.MINUS, a, b);
      case 2 -> Nodes.binary(BinaryOp.TIMES, a, b);
      case 3 -> Nodes.binary(BinaryOp.DIVIDE, a, number(1 + random.nextInt(3)));
      case 4 -> Nodes.unary(UnaryOp.NEGATE, a);
      case 5 -> Nodes.unary(random.nextBoolean() ? UnaryOp.ABS : UnaryOp.SQUARE, a);
      case 6 -> Nodes.clip(a, number(0.5), number(1.5));
      case 7 -> Nodes.select(condition(depth - 1), number(0), a);
      case 8 -> Nodes.select(condition(depth - 1), a, number(0));
      case 9 -> Nodes.binary(random.nextBoolean() ? BinaryOp.MIN : BinaryOp.MAX, a, b);
      case 10 ->
          Nodes.broadcast(
              Nodes.reduce(ReduceOp.SUM, a, Level.Name.SEQUENCE, 0, Option.none()), TOKEN);
      case 11 ->
          Nodes.select(condition(depth - 1), a, Nodes.select(condition(depth - 1), b, number(0)));
      default -> Nodes.select(condition(depth - 1), a, b);
    };
  }

  private Node condition(int depth) {
    if (depth == 0) {
      return random.nextInt(6) == 0 ? Nodes.truth(random.nextBoolean(), TOKEN) : atom();
    }
    Node a = condition(depth - 1);
    return switch (random.nextInt(5)) {
      case 0, 1 -> Nodes.logic(random.nextBoolean(), a, condition(random.nextInt(depth)));
      case 2 -> Nodes.not(a);
      case 3 -> inside();
      default -> Nodes.compare(op(), term(depth - 1), term(1));
    };
  }

  /** 0.5 ≤ x ≤ 1.5 and a comparison of x clipped to that. */
  private Node inside() {
    Node low = Nodes.compare(CompareOp.AT_MOST, number(0.5), x);
    Node high = Nodes.compare(CompareOp.AT_MOST, x, number(1.5));
    Node clipped = Nodes.compare(CompareOp.BELOW, Nodes.clip(x, number(0.5), number(1.5)), y);
    return Nodes.logic(true, low, Nodes.logic(true, high, clipped));
  }

  private Node atom() {
    return switch (random.nextInt(5)) {
      case 0 -> Nodes.compare(CompareOp.BELOW, x, y);
      case 1 -> Nodes.compare(CompareOp.EQUAL, x, number(1));
      case 2 -> Nodes.compare(op(), x, y);
      case 3 -> Nodes.compare(op(), y, x);
      default -> Nodes.compare(CompareOp.AT_MOST, y, number(2));
    };
  }

  /** What is chosen among x, y and numbers, with no arithmetic that needs them to be finite. */
  Node choice() {
    return choice(4);
  }

  private Node choice(int depth) {
    if (depth == 0) {
      return List.of(x, y, number(0), number(2)).get(random.nextInt(4));
    }
    Node a = choice(depth - 1);
    Node b = choice(random.nextInt(depth));
    return switch (random.nextInt(6)) {
      case 0 -> Nodes.clip(a, number(0.5), number(1.5));
      case 1 -> Nodes.binary(random.nextBoolean() ? BinaryOp.MIN : BinaryOp.MAX, x, y);
      case 2 -> Nodes.select(decision(depth), a, number(0));
      case 3 -> Nodes.select(decision(depth), number(0), a);
      default -> Nodes.select(decision(depth), a, b);
    };
  }

  /** A condition on x and y as they are, named at times. */
  private Node decision(int depth) {
    if (depth == 0) {
      return atom();
    }
    Node a = decision(depth - 1);
    return switch (random.nextInt(6)) {
      case 0 -> Nodes.not(a);
      case 1 -> Nodes.named(a, "p");
      case 2 -> inside();
      default -> Nodes.logic(random.nextBoolean(), a, decision(random.nextInt(depth)));
    };
  }

  private CompareOp op() {
    return OPS.get(random.nextInt(OPS.size()));
  }
}
