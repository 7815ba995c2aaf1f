package lossmith.dsl.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** A formula that is read back and worked out by hand has the value of the term it shows. */
final class FormulaReadsBackTest {
  private static final int TERMS = 10 * Integer.getInteger("lossmith.cases", 200);
  private static final Level.Name TOKEN = Level.Name.TOKEN;
  private static final List<CompareOp> OPS = List.of(CompareOp.values());
  private static final Node X = Nodes.given("x", TOKEN);
  private static final Node Y = Nodes.given("y", TOKEN);
  private static final double[] X_VALUES = {0, 1, 2, -1, 0.5, 1.5};
  private static final double[] Y_VALUES = {1, 1, -2, -1, 2, 0};
  private static final int[] SEQUENCES = {0, 0, 0, 0, 1, 1};

  private static Samples samples() {
    return new SamplesBuilder(new int[] {4, 2}, new int[] {0, 0})
        .column("x", TOKEN, X_VALUES)
        .column("y", TOKEN, Y_VALUES)
        .build();
  }

  @Test
  void inUnicode() {
    for (long seed = 0; seed < TERMS; seed++) {
      check(seed, Formula::unicode);
    }
  }

  @Test
  void inLatex() {
    for (long seed = 0; seed < TERMS; seed++) {
      check(seed, node -> LatexReader.unicode(Formula.latex(node)));
    }
  }

  private static void check(long seed, Function<Node, String> print) {
    Node node = term(new Random(seed), 4);
    double[] expected = new Reference(samples(), HashMap.empty()).of(node);
    String formula = print.apply(node);
    Map<String, double[]> columns = Map.of("x", X_VALUES, "y", Y_VALUES);
    Supplier<String> told = () -> "seed " + seed + ": " + formula + "\n" + Listing.of(node);
    try {
      double[] read = FormulaReader.read(formula, columns, SEQUENCES);
      for (int i = 0; i < read.length; i++) {
        double allowed = 1e-9 * Math.max(1, Math.abs(expected[i]));
        assertEquals(expected[i], read[i], allowed, told);
      }
    } catch (IllegalStateException unreadable) {
      throw new AssertionError(told.get(), unreadable);
    }
  }

  private static Node number(Random random) {
    double[] numbers = {-1, 0, 1, 2, 0.25, 1.0 / (1 << 24)};
    return Nodes.constant(numbers[random.nextInt(numbers.length)], TOKEN);
  }

  private static Node term(Random random, int depth) {
    if (depth == 0) {
      return switch (random.nextInt(4)) {
        case 0 -> X;
        case 1 -> Y;
        default -> number(random);
      };
    }
    Node a = term(random, depth - 1);
    Node b = term(random, random.nextInt(depth));
    return switch (random.nextInt(18)) {
      case 0, 1 -> Nodes.binary(BinaryOp.PLUS, a, b);
      case 2, 3 -> Nodes.binary(BinaryOp.MINUS, a, b);
      case 4, 5 -> Nodes.binary(BinaryOp.TIMES, a, b);
      case 6 -> Nodes.binary(BinaryOp.DIVIDE, a, over(b));
      case 7 -> Nodes.binary(random.nextBoolean() ? BinaryOp.MIN : BinaryOp.MAX, a, b);
      case 8 -> elementwise(random, a);
      case 9 -> clip(random, a);
      case 10 -> Nodes.select(condition(random, depth - 1), a, b);
      case 11 -> Nodes.select(condition(random, depth - 1), a, Nodes.constant(0, TOKEN));
      case 12 -> Nodes.select(condition(random, depth - 1), Nodes.constant(0, TOKEN), a);
      case 13 -> Nodes.named(a, random.nextBoolean() ? "u" : "w");
      case 14 -> Nodes.stopGradient(a);
      case 15 -> twice(random, a, b);
      case 16 -> eitherWay(condition(random, depth - 1), a, b);
      default -> reduced(random, a, depth);
    };
  }

  /** What is long gets a name here. */
  private static Node twice(Random random, Node a, Node b) {
    Node small = Nodes.binary(BinaryOp.TIMES, Nodes.unary(UnaryOp.TANH, a), b);
    return Nodes.binary(random.nextBoolean() ? BinaryOp.MAX : BinaryOp.TIMES, a, small);
  }

  /** The same condition twice, once as its opposite. */
  private static Node eitherWay(Node when, Node a, Node b) {
    Node none = Nodes.constant(0, TOKEN);
    return Nodes.binary(
        BinaryOp.PLUS, Nodes.select(when, a, none), Nodes.select(Nodes.not(when), b, none));
  }

  /** 1 + b², which is never 0. */
  private static Node over(Node b) {
    return Nodes.binary(
        BinaryOp.PLUS, Nodes.unary(UnaryOp.SQUARE, b), Nodes.constant(1, b.level()));
  }

  private static Node elementwise(Random random, Node a) {
    Node small = Nodes.unary(UnaryOp.TANH, a);
    return switch (random.nextInt(15)) {
      case 0 -> Nodes.unary(UnaryOp.NEGATE, a);
      case 1 -> Nodes.unary(UnaryOp.ABS, a);
      case 2 -> Nodes.unary(UnaryOp.SQUARE, a);
      case 3 -> Nodes.unary(UnaryOp.EXP, small);
      case 4 -> Nodes.unary(UnaryOp.EXPM1, small);
      case 5 -> Nodes.unary(UnaryOp.LOG1P, Nodes.unary(UnaryOp.SQUARE, a));
      case 6 -> Nodes.unary(UnaryOp.SIGMOID, small);
      case 7 -> Nodes.unary(UnaryOp.LOG_SIGMOID, small);
      case 8 -> Nodes.unary(UnaryOp.LOG, over(a));
      case 9 -> Nodes.unary(UnaryOp.SOFTPLUS, small);
      case 10 -> Nodes.binary(BinaryOp.LOG_ADD_EXP, small, logarithm(random, a));
      case 11 ->
          Nodes.binary(BinaryOp.SIGMOID_DIFF, logarithm(random, a), logarithm(random, small));
      case 12 -> Nodes.unary(UnaryOp.EXP, logarithm(random, a));
      case 13 -> Nodes.unary(UnaryOp.EXP_REMAINDER, small);
      default -> Nodes.unary(UnaryOp.LOG1M_EXP, Nodes.unary(UnaryOp.NEGATE, over(small)));
    };
  }

  /** A logarithm of something simple, or a sum or multiple of such. */
  private static Node logarithm(Random random, Node a) {
    Node small = Nodes.unary(UnaryOp.TANH, a);
    return switch (random.nextInt(4)) {
      case 0 -> Nodes.unary(UnaryOp.LOG_SIGMOID, small);
      case 1 -> Nodes.unary(UnaryOp.LOG, over(small));
      case 2 -> Nodes.binary(BinaryOp.TIMES, Nodes.constant(2, TOKEN), logarithm(random, a));
      default -> Nodes.binary(BinaryOp.PLUS, logarithm(random, a), logarithm(random, small));
    };
  }

  private static Node clip(Random random, Node a) {
    Node least = Nodes.constant(Double.NEGATIVE_INFINITY, TOKEN);
    Node most = Nodes.constant(Double.POSITIVE_INFINITY, TOKEN);
    Node low = Nodes.constant(-0.5, TOKEN);
    Node high = Nodes.constant(1.5, TOKEN);
    return switch (random.nextInt(3)) {
      case 0 -> Nodes.clip(a, low, high);
      case 1 -> Nodes.clip(a, least, high);
      default -> Nodes.clip(a, low, most);
    };
  }

  private static Node reduced(Random random, Node a, int depth) {
    ReduceOp op = random.nextBoolean() ? ReduceOp.SUM : ReduceOp.MEAN;
    Option<Node> where =
        Option.when(op == ReduceOp.SUM && random.nextBoolean(), () -> condition(random, depth - 1));
    return Nodes.broadcast(Nodes.reduce(op, a, Level.Name.SEQUENCE, 0, where), TOKEN);
  }

  private static Node condition(Random random, int depth) {
    if (depth <= 0 || random.nextInt(3) == 0) {
      CompareOp op = OPS.get(random.nextInt(OPS.size()));
      int deep = Math.max(0, depth - 1);
      return random.nextInt(8) == 0
          ? Nodes.truth(random.nextBoolean(), TOKEN)
          : Nodes.compare(op, term(random, deep), term(random, deep / 2));
    }
    Node a = condition(random, depth - 1);
    return switch (random.nextInt(5)) {
      case 0 -> Nodes.not(a);
      case 1 -> chain(random);
      default -> Nodes.logic(random.nextBoolean(), a, condition(random, depth - 1));
    };
  }

  /** Two comparisons that meet in the middle. */
  private static Node chain(Random random) {
    Node low = Nodes.compare(CompareOp.AT_MOST, number(random), X);
    Node high = Nodes.compare(random.nextBoolean() ? CompareOp.BELOW : CompareOp.EQUAL, X, Y);
    return Nodes.logic(true, random.nextBoolean() ? low : Nodes.not(low), high);
  }
}
