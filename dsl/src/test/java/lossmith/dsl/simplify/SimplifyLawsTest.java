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
  void noRuleAppliesAnyMore() {
    eachSeed(
        seed -> {
          Simplify s = new Simplify();
          Node simple = s.of(term(seed));
          for (Node node : Graph.below(List.of(simple), Node::children)) {
            Seq<Rule<?>> left = Simplify.RULES.filter(rule -> rule.of(s, node).isDefined());
            assertTrue(left.isEmpty(), () -> left + " at " + told(seed, node));
          }
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

  private static boolean negation(Node x) {
    return x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE;
  }
}
