package lossmith.dsl.simplify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** What rewriting promises of any term: the same numbers, nothing left to do, nothing longer. */
final class SimplifyLawsTest {
  private static final int TERMS = 100 * Integer.getInteger("lossmith.cases", 200);

  private static void eachSeed(LongConsumer law) {
    LongStream.range(0, TERMS).forEach(law);
  }

  private static Node term(long seed) {
    return new RandomNodes(seed).any();
  }

  @Test
  void randomTermsKeepTheirValues() {
    Samples samples =
        new SamplesBuilder(new int[] {4, 2}, new int[] {0, 0})
            .column("x", Level.Name.TOKEN, new double[] {0, 1, 2, -1, 0.5, 1.5})
            .column("y", Level.Name.TOKEN, new double[] {1, 1, -2, -1, 2, 0})
            .build();
    eachSeed(
        seed -> {
          Node node = term(seed);
          Reference reference = new Reference(samples, HashMap.empty());
          double[] expected = reference.of(node);
          double[] found = reference.of(new Simplify().of(node));
          assertArrayEquals(expected, found, 1e-9, () -> told(seed, node));
        });
  }

  @Test
  void eachRuleOfArithmeticKeepsTheValue() {
    Samples samples =
        new SamplesBuilder(new int[] {4, 2}, new int[] {0, 0})
            .column("x", Level.Name.TOKEN, new double[] {0, 1, 2, -1, 0.5, 1.5})
            .column("y", Level.Name.TOKEN, new double[] {1, 1, -2, -1, 2, 0})
            .build();
    Simplify simplify = new Simplify();
    LongStream.range(0, TERMS / 20)
        .forEach(
            seed -> {
              Node root = simplify.intern(term(seed));
              Reference reference = new Reference(samples, HashMap.empty());
              for (Node.Binary node :
                  Graph.only(Node.Binary.class, Graph.below(List.of(root), Node::children))) {
                Products.rule(simplify, node.op(), node.left(), node.right())
                    .forEach(
                        found ->
                            assertArrayEquals(
                                reference.of(node),
                                reference.of(found._2),
                                1e-9,
                                () -> found._1 + " at " + told(seed, node)));
              }
            });
  }

  @Test
  void choicesKeepTheirValuesOnWhatIsInfiniteOrNoNumber() {
    Level.Name token = Level.Name.TOKEN;
    Samples samples =
        new SamplesBuilder(new int[] {9}, new int[] {0})
            .column("x", token, new double[] {0, 0, 1, 0, 1, 1, 2, 0.5, 0})
            .column("y", token, new double[] {0, 1, 0, -1, 0, 1, -1, 2, 0.5})
            .column("u", token, new double[] {0, 0, 1, 1, 0, 1, 1, 1, 1})
            .column("v", token, new double[] {0, 1, 0, 0, 1, 1, 1, 1, 1})
            .build();
    Node x = Nodes.binary(BinaryOp.DIVIDE, Nodes.given("x", token), Nodes.given("u", token));
    Node y = Nodes.binary(BinaryOp.DIVIDE, Nodes.given("y", token), Nodes.given("v", token));
    eachSeed(
        seed -> {
          Node node = new RandomNodes(seed, x, y).choice();
          Reference reference = new Reference(samples, HashMap.empty());
          double[] expected = reference.of(node);
          double[] simple = reference.of(new Simplify().of(node));
          assertArrayEquals(expected, simple, () -> told(seed, node));
          double[] branches = reference.of(new Branches().of(node));
          assertArrayEquals(expected, branches, () -> told(seed, node));
        });
  }

  @Test
  void whatIsSimpleStaysAsItIs() {
    eachSeed(
        seed -> {
          Simplify s = new Simplify();
          Node simple = s.of(term(seed));
          assertEquals(simple, s.of(simple), () -> told(seed, simple));
        });
  }

  @Test
  void nothingThatARuleTakesAwayIsLeft() {
    eachSeed(
        seed -> {
          Node simple = new Simplify().of(term(seed));
          Seq<Node> left =
              Graph.below(List.of(simple), Node::children).filter(SimplifyLawsTest::reducible);
          assertTrue(left.isEmpty(), () -> told(seed, left.head()) + " in " + told(seed, simple));
        });
  }

  @Test
  void nothingGetsLonger() {
    eachSeed(
        seed -> {
          Node node = term(seed);
          int before = steps(node);
          int after = steps(new Simplify().of(node));
          assertTrue(after <= before, () -> before + " became " + after + ": " + told(seed, node));
        });
  }

  /** How many nodes there are, a condition and its opposite alike, a number and its negative. */
  private static int steps(Node node) {
    return Graph.below(List.of(node), Node::children)
        .filter(part -> !(part instanceof Node.Not) && !negation(part))
        .size();
  }

  private static String told(long seed, Node node) {
    return "seed " + seed + ": " + Formula.unicode(node);
  }

  /** Whether a node has a shape that some rule rewrites. */
  private static boolean reducible(Node node) {
    if (node instanceof Node.Unary x) {
      return (constant(x.of()) && x.op() == UnaryOp.NEGATE)
          || (negated(x.of()) && even(x.op()))
          || (negation(x.of()) && x.op() == UnaryOp.NEGATE);
    } else if (node instanceof Node.Binary x) {
      return reducible(x.op(), x.left(), x.right());
    } else if (node instanceof Node.Not x) {
      return x.of() instanceof Node.Not || x.of() instanceof Node.Truth;
    } else if (node instanceof Node.Logic x) {
      return x.left() == x.right()
          || x.left() instanceof Node.Truth
          || x.right() instanceof Node.Truth
          || (x.left() instanceof Node.Not n && n.of() == x.right())
          || (x.right() instanceof Node.Not m && m.of() == x.left());
    } else if (node instanceof Node.Compare x) {
      return x.left() == x.right() || (constant(x.left()) && constant(x.right()));
    } else if (node instanceof Node.Select x) {
      boolean over = is(x.right(), 0);
      return x.left() == x.right()
          || x.when() instanceof Node.Truth
          || (x.when() instanceof Node.Not && !is(x.right(), 0))
          || (is(x.left(), 0) && !over)
          || (over && negation(x.left()))
          || (over && x.left() instanceof Node.Select inner && is(inner.right(), 0));
    } else if (node instanceof Node.Clip x) {
      return constant(x.of()) && constant(x.low()) && constant(x.high());
    } else if (node instanceof Node.Broadcast x) {
      return constant(x.of()) || negation(x.of()) || product(x.of());
    }
    return node instanceof Node.Reduce x && (is(x.of(), 0) || negation(x.of()));
  }

  /** Whether a rule of the table rewrites it. */
  private static boolean reducible(BinaryOp op, Node x, Node y) {
    return (constant(x) && constant(y)) || Products.rule(new Simplify(), op, x, y).isDefined();
  }

  private static boolean even(UnaryOp op) {
    return op == UnaryOp.ABS || op == UnaryOp.SQUARE;
  }

  private static boolean constant(Node x) {
    return x instanceof Node.Constant;
  }

  private static boolean is(Node x, double value) {
    return x instanceof Node.Constant c && c.value() == value;
  }

  private static boolean negation(Node x) {
    return x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE;
  }

  private static boolean negated(Node x) {
    return negation(x) || (x instanceof Node.Constant c && c.value() < 0);
  }

  private static boolean fraction(Node x) {
    return x instanceof Node.Binary f && f.op() == BinaryOp.DIVIDE;
  }

  private static boolean product(Node x) {
    return fraction(x) || (x instanceof Node.Binary f && f.op() == BinaryOp.TIMES);
  }
}
