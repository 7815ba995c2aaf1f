package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Random;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/**
 * Terms of random shape at every level, over two columns of each and log π, and samples for them.
 * Their numbers are finite and often equal: small, of either sign, halves.
 */
final class LevelledNodes {
  private static final List<Level.Name> LEVELS = List.of(Level.Name.values());

  /** Of five sequences in two groups, the lengths. */
  private static final int[] LENGTHS = {2, 1, 3, 1, 2};

  private static final int WIDTH = 3;

  private final Random random;

  LevelledNodes(long seed) {
    this.random = new Random(seed);
  }

  Samples samples() {
    SamplesBuilder builder =
        new SamplesBuilder(LENGTHS, new int[] {0, 0, 0, 1, 1})
            .sampled(random.ints(9, 0, WIDTH).toArray())
            .grid("logits", Grid.of(numbers(9 * WIDTH), WIDTH));
    for (String column : List.of("x", "y")) {
      builder.grid(column + Level.Name.VOCABULARY, Grid.of(numbers(9 * WIDTH), WIDTH));
      List.of(9, 5, 2, 1)
          .zip(LEVELS.tail())
          .forEach(level -> builder.column(column + level._2, level._2, numbers(level._1)));
    }
    return builder.build();
  }

  private double[] numbers(int size) {
    return random.ints(size, -3, 4).mapToDouble(number -> number / 2.0).toArray();
  }

  /** A term or a condition of some level. */
  Node any() {
    Level.Name level = one(LEVELS.take(3));
    return random.nextInt(4) == 0 ? condition(level, 3) : number(level, 4);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Node leaf(Level.Name level) {
    return switch (random.nextInt(level == Level.Name.VOCABULARY ? 5 : 4)) {
      case 0 -> Nodes.given("x" + level, level);
      case 1 -> Nodes.given("y" + level, level);
      case 4 -> logPi();
      default -> Nodes.constant(random.nextInt(4) - 1, level);
    };
  }

  private static Node logPi() {
    return Nodes.given(Columns.LOG_PI, Level.Name.VOCABULARY);
  }

  private Node number(Level.Name level, int depth) {
    if (depth == 0) {
      return leaf(level);
    }
    Node a = number(level, depth - 1);
    Node b = number(level, random.nextInt(depth));
    return switch (random.nextInt(12)) {
      case 0, 1 -> Nodes.binary(one(List.of(BinaryOp.PLUS, BinaryOp.MINUS)), a, b);
      case 2 -> Nodes.binary(BinaryOp.TIMES, a, b);
      case 3 -> Nodes.binary(one(List.of(BinaryOp.MIN, BinaryOp.MAX)), a, one(List.of(a, b)));
      case 4 -> divided(level, a, b);
      case 5 ->
          Nodes.unary(one(List.of(UnaryOp.NEGATE, UnaryOp.ABS, UnaryOp.SQUARE, UnaryOp.TANH)), a);
      case 6 -> Nodes.select(condition(level, depth - 1), a, b);
      case 7 -> select(level, depth - 1, a);
      case 8 -> Nodes.clip(a, Nodes.constant(-1, level), Nodes.constant(1, level));
      case 9 -> Nodes.named(a, "z");
      case 10 -> coarser(level, depth - 1, a);
      default -> finer(level, depth - 1, a);
    };
  }

  /** a over 1, 2 or what is seen to be neither, at times with b over the same. */
  private Node divided(Level.Name level, Node a, Node b) {
    Node two = Nodes.constant(1 + random.nextInt(2), level);
    Node tanh = Nodes.unary(UnaryOp.TANH, Nodes.given("x" + level, level));
    Node by = random.nextBoolean() ? two : Nodes.binary(BinaryOp.PLUS, two, tanh);
    Node one = Nodes.binary(BinaryOp.DIVIDE, a, by);
    Node other = Nodes.binary(BinaryOp.DIVIDE, b, by);
    return random.nextBoolean()
        ? one
        : Nodes.binary(one(List.of(BinaryOp.PLUS, BinaryOp.MINUS)), one, other);
  }

  /** a or 0, at times as a sum. */
  private Node select(Level.Name level, int depth, Node a) {
    Node when = condition(level, depth);
    Node zero = Nodes.constant(0, level);
    Node kept = Nodes.select(when, a, zero);
    return switch (random.nextInt(4)) {
      case 0 -> Nodes.select(when, zero, a);
      case 1 -> Nodes.select(when, Nodes.binary(BinaryOp.PLUS, kept, kept), zero);
      case 2 -> Nodes.binary(BinaryOp.PLUS, kept, Nodes.select(Nodes.not(when), a, zero));
      default -> kept;
    };
  }

  private Node coarser(Level.Name level, int depth, Node a) {
    if (level == Level.Name.BATCH) {
      return a;
    }
    Level.Name to = one(LEVELS.drop(LEVELS.indexOf(level) + 1));
    ReduceOp op = one(List.of(ReduceOp.MEAN, ReduceOp.MAX));
    Node middle = Nodes.reduce(op, a, to, 0, Option.none());
    return random.nextBoolean()
        ? Nodes.broadcast(number(to, depth), level)
        : Nodes.binary(BinaryOp.MINUS, a, Nodes.broadcast(middle, level));
  }

  private Node finer(Level.Name level, int depth, Node a) {
    if (level == Level.Name.VOCABULARY) {
      return random.nextBoolean() ? chosen(a) : Nodes.binary(BinaryOp.PROB_TIMES, logPi(), a);
    }
    Node of =
        level == Level.Name.TOKEN
            ? entry(depth)
            : number(one(LEVELS.take(LEVELS.indexOf(level))), depth);
    return level == Level.Name.TOKEN && random.nextInt(3) == 0
        ? Nodes.gather(of)
        : Nodes.reduce(ReduceOp.SUM, of, level, 0, Option.none());
  }

  private Node entry(int depth) {
    Level.Name entry = Level.Name.VOCABULARY;
    return switch (random.nextInt(6)) {
      case 0 -> chosen(Nodes.broadcast(number(Level.Name.TOKEN, depth), entry));
      case 1 -> Nodes.binary(BinaryOp.PROB_TIMES, logPi(), Nodes.constant(1, entry));
      case 2 -> divided(entry, ofRow(depth), ofRow(depth));
      case 3 -> Nodes.broadcast(number(Level.Name.TOKEN, depth), entry);
      default -> number(entry, depth);
    };
  }

  /** A factor of the row on an entry, or on what is e^u times it. */
  private Node ofRow(int depth) {
    Node factor = Nodes.broadcast(leaf(Level.Name.TOKEN), Level.Name.VOCABULARY);
    Node product = Nodes.binary(BinaryOp.TIMES, factor, number(Level.Name.VOCABULARY, depth));
    return random.nextBoolean() ? product : Nodes.binary(BinaryOp.PROB_TIMES, logPi(), product);
  }

  private static Node chosen(Node entry) {
    return Nodes.select(Nodes.sampled(), entry, Nodes.constant(0, Level.Name.VOCABULARY));
  }

  private Node condition(Level.Name level, int depth) {
    if (depth == 0) {
      return random.nextInt(4) == 0
          ? Nodes.truth(random.nextBoolean(), level)
          : compared(leaf(level), leaf(level));
    }
    Node a = condition(level, depth - 1);
    Node b = condition(level, random.nextInt(depth));
    return switch (random.nextInt(8)) {
      case 0, 1 -> Nodes.logic(random.nextBoolean(), a, b);
      case 2 ->
          Nodes.logic(
              random.nextBoolean(),
              Nodes.logic(random.nextBoolean(), a, b),
              Nodes.logic(random.nextBoolean(), a, condition(level, random.nextInt(depth))));
      case 3 -> Nodes.not(a);
      case 4 -> Nodes.named(a, "p");
      case 5 -> compared(leaf(level), Nodes.constant(Double.POSITIVE_INFINITY, level));
      case 6 ->
          Nodes.logic(true, a, compared(Nodes.select(a, leaf(level), leaf(level)), leaf(level)));
      default ->
          level == Level.Name.BATCH
              ? a
              : Nodes.broadcast(
                  condition(one(LEVELS.drop(LEVELS.indexOf(level) + 1)), depth - 1), level);
    };
  }

  private Node compared(Node x, Node y) {
    return Nodes.compare(one(List.of(CompareOp.values())), x, y);
  }
}
