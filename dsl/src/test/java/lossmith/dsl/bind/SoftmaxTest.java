package lossmith.dsl.bind;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** dL/dz_v = (G_v − π_v Σ_u G_u) / T, worked out by loops, however G is written. */
final class SoftmaxTest {
  private static final int WIDTH = 4;
  private static final int ROWS = 3;
  private static final double TEMPERATURE = 1.7;
  private static final int[] SAMPLED = {1, 3, 0};

  private static final double[] LOGITS = random(ROWS * WIDTH, -2, 2, 1);
  private static final double[] G = random(ROWS * WIDTH, -1, 1, 2);
  private static final double[] W = random(ROWS, -1, 1, 3);

  private static final Node ALL = Nodes.given("g", Level.Name.VOCABULARY);
  private static final Node WEIGHT =
      Nodes.broadcast(Nodes.given("w", Level.Name.TOKEN), Level.Name.VOCABULARY);
  private static final Node ZERO = Nodes.constant(0, Level.Name.VOCABULARY);
  private static final Node LOG_PI = Nodes.given(Columns.LOG_PI, Level.Name.VOCABULARY);
  private static final Node UNDER_PI = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, WEIGHT);

  /** w at the sampled entry, 0 elsewhere. */
  private static final Node ONE = Nodes.select(Nodes.sampled(), WEIGHT, ZERO);

  private static double[] random(int count, double low, double high, long seed) {
    return new Random(seed).doubles(count, low, high).toArray();
  }

  private static void closes(Node written, Entry g) {
    Samples samples =
        new SamplesBuilder(new int[] {ROWS}, new int[] {0})
            .sampled(SAMPLED)
            .grid(BoundLoss.LOGITS, Grid.of(LOGITS, WIDTH))
            .grid("g", Grid.of(G, WIDTH))
            .column("w", Level.Name.TOKEN, W)
            .build();
    double[] flat =
        IntStream.range(0, G.length).mapToDouble(i -> g.at(i / WIDTH, i % WIDTH)).toArray();
    Reference reference = new Reference(samples, HashMap.of(Columns.TEMPERATURE, TEMPERATURE));
    assertArrayEquals(closed(flat), reference.of(Softmax.pull(written)), 1e-12);
    Node varying = Softmax.varying(written);
    assertArrayEquals(closed(flat), reference.of(Softmax.pull(varying)), 1e-12);
  }

  /** G at a row and an entry. */
  private interface Entry {
    double at(int row, int v);
  }

  private static double g(int row, int v) {
    return G[row * WIDTH + v];
  }

  private static double one(int row, int v) {
    return v == SAMPLED[row] ? W[row] : 0;
  }

  private static double pi(int row, int v) {
    double[] weights =
        Arrays.stream(LOGITS, row * WIDTH, (row + 1) * WIDTH)
            .map(z -> Math.exp(z / TEMPERATURE))
            .toArray();
    return weights[v] / Arrays.stream(weights).sum();
  }

  private static double[] closed(double[] g) {
    double[] found = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      int row = i / WIDTH;
      double sum = Arrays.stream(g, row * WIDTH, (row + 1) * WIDTH).sum();
      found[i] = (g[i] - pi(row, i % WIDTH) * sum) / TEMPERATURE;
    }
    return found;
  }

  @Test
  void ofAnyEntries() {
    closes(ALL, SoftmaxTest::g);
    closes(Nodes.unary(UnaryOp.NEGATE, ALL), (t, v) -> -g(t, v));
    closes(Nodes.unary(UnaryOp.SQUARE, ALL), (t, v) -> g(t, v) * g(t, v));
  }

  @Test
  void whatIsTheSameForARowUnderPiIsLeftOut() {
    Node rest = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, ALL);
    Node both = Nodes.binary(BinaryOp.MINUS, Nodes.binary(BinaryOp.PLUS, ALL, WEIGHT), WEIGHT);
    Node more = Nodes.binary(BinaryOp.MINUS, ALL, Nodes.unary(UnaryOp.SQUARE, WEIGHT));
    for (Node under : List.of(both, more)) {
      Node written = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, under);
      assertTrue(HashConsing.same(Softmax.varying(written), rest));
    }
    closes(
        Nodes.binary(BinaryOp.MINUS, ALL, Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, more)),
        (t, v) -> g(t, v) - pi(t, v) * (g(t, v) - W[t] * W[t]));
    closes(UNDER_PI, (t, v) -> pi(t, v) * W[t]);
  }

  @Test
  void ofTheSampledEntry() {
    closes(ONE, SoftmaxTest::one);
    closes(Nodes.unary(UnaryOp.NEGATE, ONE), (t, v) -> -one(t, v));
    closes(Nodes.binary(BinaryOp.PLUS, ONE, ONE), (t, v) -> 2 * one(t, v));
  }

  /** The weight of the sampled entry counts at every entry of the row, not each entry's own. */
  @Test
  void ofTheSampledEntryOfAWeightThatDiffersAlongTheRow() {
    Node own = Nodes.select(Nodes.sampled(), ALL, ZERO);
    closes(own, (t, v) -> v == SAMPLED[t] ? g(t, v) : 0);
    closes(Nodes.unary(UnaryOp.NEGATE, own), (t, v) -> v == SAMPLED[t] ? -g(t, v) : 0);
    Node both = Nodes.binary(BinaryOp.TIMES, WEIGHT, Nodes.unary(UnaryOp.EXP, LOG_PI));
    closes(
        Nodes.select(Nodes.sampled(), both, ZERO), (t, v) -> v == SAMPLED[t] ? W[t] * pi(t, v) : 0);
  }

  /** What looks like the sampled entry alone and is not. */
  @Test
  void ofMoreThanTheSampledEntry() {
    closes(Nodes.unary(UnaryOp.EXP, ONE), (t, v) -> Math.exp(one(t, v)));
    closes(Nodes.select(Nodes.sampled(), WEIGHT, ALL), (t, v) -> v == SAMPLED[t] ? W[t] : g(t, v));
    Node three = Nodes.constant(3, Level.Name.VOCABULARY);
    closes(Nodes.select(Nodes.sampled(), WEIGHT, three), (t, v) -> v == SAMPLED[t] ? W[t] : 3);
    Node likely = Nodes.compare(CompareOp.BELOW, ZERO, ALL);
    closes(Nodes.select(likely, WEIGHT, ZERO), (t, v) -> g(t, v) > 0 ? W[t] : 0);
  }

  @Test
  void ofEntriesUnderThePolicy() {
    closes(Nodes.binary(BinaryOp.PLUS, ALL, UNDER_PI), (t, v) -> g(t, v) + pi(t, v) * W[t]);
    closes(Nodes.binary(BinaryOp.MINUS, ALL, UNDER_PI), (t, v) -> g(t, v) - pi(t, v) * W[t]);
    closes(
        Nodes.unary(UnaryOp.NEGATE, Nodes.binary(BinaryOp.MINUS, ALL, UNDER_PI)),
        (t, v) -> pi(t, v) * W[t] - g(t, v));
    closes(Nodes.binary(BinaryOp.TIMES, ALL, UNDER_PI), (t, v) -> g(t, v) * pi(t, v) * W[t]);
    closes(
        Nodes.binary(BinaryOp.PLUS, Nodes.binary(BinaryOp.PROB_TIMES, ALL, WEIGHT), UNDER_PI),
        (t, v) -> (Math.exp(g(t, v)) + pi(t, v)) * W[t]);
  }

  /** O + π W is pulled as O − π (Σ G − W): π is a factor once, not of W and again of the sum. */
  @Test
  void theTermsUnderThePolicyAreTakenTogether() {
    for (BinaryOp op : new BinaryOp[] {BinaryOp.PLUS, BinaryOp.MINUS}) {
      Node sum = Nodes.binary(op, ALL, UNDER_PI);
      assertEquals(1, timesPi(Softmax.pull(sum)), () -> op + " of an entry and one under π");
      Node negated = Nodes.unary(UnaryOp.NEGATE, sum);
      assertEquals(1, timesPi(Softmax.pull(Nodes.binary(op, ONE, negated))));
    }
  }

  /** How many products with π a row's entries are made of, those of its sums aside. */
  private static int timesPi(Node root) {
    Predicate<Node> entry = node -> node.level() == Level.Name.VOCABULARY;
    return Graph.below(List.of(new HashConsing().of(root)), node -> node.children().filter(entry))
        .count(node -> node instanceof Node.Binary b && b.op() == BinaryOp.PROB_TIMES);
  }
}
