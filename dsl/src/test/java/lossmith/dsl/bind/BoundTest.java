package lossmith.dsl.bind;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** What is missing is told at once; what goes from the vocabulary to the token is a column. */
final class BoundTest {
  private static final int WIDTH = 4;
  private static final int ROWS = 3;

  private static String refused(Loss loss, Surface surface, String... columns) {
    Set<String> names = HashSet.of(columns);
    return String.valueOf(
        assertThrows(ProblemException.class, () -> Bound.of(loss, surface, names)).getMessage());
  }

  @Test
  void aStatisticOfThePolicyMayComeFromLogits() {
    Loss loss = minimise(logProb().times(given("weight", Axis.TOKEN)).mean(ALL_TOKENS));
    String message = refused(loss, Surface.STATISTICS);
    assertEquals(
        List.of(
            "column: got samples without log_prob; expected the token column log_prob;"
                + " write samples with that column, or give logits",
            "column: got samples without weight; expected the token column weight;"
                + " write samples with that column"),
        List.ofAll(message.lines()));
  }

  @Test
  void aValueDoesNotComeFromLogits() {
    assertEquals(
        "column: got samples without value; expected the token column value;"
            + " write samples with that column",
        refused(minimise(value().square().mean(ALL_TOKENS)), Surface.STATISTICS, "log_prob"));
  }

  @Test
  void atTheSurfaceOfLogitsThePolicyIsTheLogits() {
    assertEquals(
        "column: got samples without logits; expected the vocabulary column logits;"
            + " write samples with that column",
        refused(minimise(logProb().mean(ALL_TOKENS)), Surface.LOGITS, "log_prob"));
  }

  @Test
  void aMetricNeedsItsColumnsToo() {
    Loss loss =
        minimise(logProb().mean(ALL_TOKENS))
            .log("weight", given("weight", Axis.TOKEN).mean(ALL_TOKENS));
    assertEquals(
        "column: got samples without weight; expected the token column weight;"
            + " write samples with that column",
        refused(loss, Surface.STATISTICS, "log_prob"));
  }

  @Test
  void aTermNeedsItsColumnsToo() {
    Set<String> none = HashSet.empty();
    assertThrows(
        ProblemException.class,
        () -> Bound.term(given("weight", Axis.TOKEN), Surface.STATISTICS, none));
  }

  /** Without old_log_prob the old policy is the policy, stopped. */
  @Test
  void theOldPolicyIsThePolicyWhereNothingElseIsSaid() {
    Loss loss = minimise(logProb().minus(oldLogProb()).exp().sum(ALL_TOKENS));
    Bound without = Bound.of(loss, Surface.STATISTICS, HashSet.of("log_prob"));
    Bound with = Bound.of(loss, Surface.STATISTICS, HashSet.of("log_prob", "old_log_prob"));
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .column("log_prob", Level.Name.TOKEN, new double[] {-1, -2})
            .column("old_log_prob", Level.Name.TOKEN, new double[] {-2, -2})
            .build();
    Reference reference = new Reference(samples, HashMap.empty());
    assertEquals(2, reference.number(without.value()), 1e-12);
    assertEquals(Math.E + 1, reference.number(with.value()), 1e-12);
    assertArrayEquals(
        new double[] {1, 1}, reference.of(without.gradients().get("log_prob").get()), 1e-12);
  }

  @Test
  void statisticsHaveNames() {
    Loss loss =
        minimise(
            logProb()
                .plus(entropy())
                .plus(logPi().mean(VOCABULARY))
                .plus(Terms.ofChosen(Terms.referenceLogPi()))
                .plus(
                    Terms.expTimes(logPi().scaledBy(2), Terms.constant(1, Axis.VOCABULARY_ENTRY))
                        .sum(VOCABULARY))
                .mean(ALL_TOKENS));
    Cut cut = Cut.of(loss, HashSet.of("ref_log_pi"));
    assertEquals(
        HashSet.of("log_prob", "entropy", "mean_log_pi", "ref_log_prob", "sum_pi_squared"),
        cut.statistics().keySet());
    assertEquals(
        HashSet.of("log_prob", "entropy", "mean_log_pi", "sum_pi_squared"),
        cut.rest().gradients().keySet());
  }

  @Test
  void aDetachedStatisticSharesTheColumnOfTheLiveOne() {
    Loss loss =
        minimise(entropy().times(entropy().stopGradient()).plus(logProb()).mean(ALL_TOKENS));
    assertEquals(
        HashSet.of("entropy", "log_prob"), Cut.of(loss, HashSet.empty()).statistics().keySet());
  }

  @Test
  void aStatisticWithoutANameOfItsOwnIsCalledByWhatItIs() {
    Loss loss = minimise(logPi().square().sum(VOCABULARY).mean(ALL_TOKENS));
    String what =
        """
        %1 = trained log_pi : vocabulary
        %2 = square(%1) : vocabulary
        %3 = sum(%2) : token
        """;
    assertEquals(
        HashSet.of("statistic_" + Integer.toHexString(what.hashCode())),
        Cut.of(loss, HashSet.empty()).statistics().keySet(),
        "the same in every process");
  }

  /** What is ranked stays detached, in the column of a sum that is live and of one that is not. */
  @Test
  void aSumOverTheBestEntriesIsOneColumn() {
    var best =
        logPi().stopGradient().rank(VOCABULARY).below(Terms.constant(2, Axis.VOCABULARY_ENTRY));
    var mass = logPi().exp().sum(VOCABULARY.where(best));
    Loss loss = minimise(mass.minus(mass.stopGradient()).mean(ALL_TOKENS));
    Cut cut = Cut.of(loss, HashSet.of("log_prob"));
    assertEquals(1, cut.statistics().size());
    assertEquals(cut.statistics().keySet(), cut.rest().gradients().keySet());
  }

  /** How many entries are likely is known where π is, and is data where it is not. */
  @Test
  void aNumberOfEntriesIsAColumn() {
    var likely = logPi().above(Terms.constant(-2, Axis.VOCABULARY_ENTRY));
    Loss loss = minimise(logProb().times(Terms.count(VOCABULARY.where(likely))).mean(ALL_TOKENS));
    Cut cut = Cut.of(loss, HashSet.of("log_prob"));
    String name = cut.statistics().keySet().remove("log_prob").head();
    assertTrue(name.startsWith("statistic_"), name);
    assertEquals(HashSet.of("log_prob"), cut.rest().gradients().keySet());
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .column("log_prob", Level.Name.TOKEN, new double[] {-1, -3})
            .column(name, Level.Name.TOKEN, new double[] {4, 5})
            .build();
    Reference reference = new Reference(samples, HashMap.empty());
    assertEquals((-1 * 4 - 3 * 5) / 2.0, reference.number(cut.rest().value()), 1e-12);
    assertArrayEquals(
        new double[] {2, 2.5}, reference.of(cut.rest().gradients().get("log_prob").get()), 1e-12);
  }

  /** The vocabulary's size is not known without it either. */
  @Test
  void theSizeOfTheVocabularyIsAColumn() {
    Loss loss = minimise(logProb().times(Terms.count(VOCABULARY)).mean(ALL_TOKENS));
    assertEquals(2, Cut.of(loss, HashSet.of("log_prob")).statistics().size());
  }

  /** dL/dz_v = (G_v − π_v Σ_u G_u) / T, worked out by loops. */
  @Test
  void theSoftmaxClosesTheGradient() {
    Random random = new Random(1);
    double[] logits = random.doubles(ROWS * WIDTH, -2, 2).toArray();
    double[] g = random.doubles(ROWS * WIDTH, -1, 1).toArray();
    double[] w = random.doubles(ROWS, -1, 1).toArray();
    int[] chosen = {1, 3, 0};
    double temperature = 1.7;
    Samples samples =
        new SamplesBuilder(new int[] {ROWS}, new int[] {0})
            .chosen(chosen)
            .grid(Bound.LOGITS, Grid.of(logits, WIDTH))
            .grid("g", Grid.of(g, WIDTH))
            .column("w", Level.Name.TOKEN, w)
            .build();
    Reference reference = new Reference(samples, HashMap.of(Columns.TEMPERATURE, temperature));
    Node all = Nodes.given("g", Level.Name.VOCABULARY);
    Node weight = Nodes.broadcast(Nodes.given("w", Level.Name.TOKEN), Level.Name.VOCABULARY);
    Node zero = Nodes.constant(0, Level.Name.VOCABULARY);
    Node one = Nodes.select(Nodes.chosen(), weight, zero);
    double[] oneHot = new double[ROWS * WIDTH];
    for (int row = 0; row < ROWS; row++) {
      oneHot[row * WIDTH + chosen[row]] = w[row];
    }
    double[] closedAll = closed(logits, g, temperature);
    double[] closedOne = closed(logits, oneHot, temperature);
    double[] negative = Arrays.stream(closedOne).map(x -> -x).toArray();
    assertArrayEquals(closedAll, reference.of(Softmax.pull(all)), 1e-12);
    assertArrayEquals(closedOne, reference.of(Softmax.pull(one)), 1e-12);
    assertArrayEquals(
        negative, reference.of(Softmax.pull(Nodes.unary(UnaryOp.NEGATE, one))), 1e-12);
    Node twice = Nodes.binary(BinaryOp.PLUS, one, one);
    assertArrayEquals(
        Arrays.stream(closedOne).map(x -> 2 * x).toArray(),
        reference.of(Softmax.pull(twice)),
        1e-12);
    Node elsewhere = Nodes.select(Nodes.chosen(), weight, all);
    double[] mixed = g.clone();
    for (int row = 0; row < ROWS; row++) {
      mixed[row * WIDTH + chosen[row]] = w[row];
    }
    assertArrayEquals(
        closed(logits, mixed, temperature), reference.of(Softmax.pull(elsewhere)), 1e-12);
    Node policy = Nodes.given(Columns.LOG_PI, Level.Name.VOCABULARY);
    Node under = Nodes.binary(BinaryOp.EXP_TIMES, policy, weight);
    for (BinaryOp op : new BinaryOp[] {BinaryOp.PLUS, BinaryOp.MINUS}) {
      double[] both = new double[g.length];
      for (int i = 0; i < both.length; i++) {
        double share = pi(logits, i, temperature) * w[i / WIDTH];
        both[i] = op == BinaryOp.PLUS ? g[i] + share : g[i] - share;
      }
      Node pulled = Softmax.pull(Nodes.binary(op, all, under));
      assertArrayEquals(closed(logits, both, temperature), reference.of(pulled), 1e-12);
    }
  }

  private static double pi(double[] logits, int at, double temperature) {
    int row = at / WIDTH * WIDTH;
    double[] weights =
        Arrays.stream(logits, row, row + WIDTH).map(z -> Math.exp(z / temperature)).toArray();
    return weights[at - row] / Arrays.stream(weights).sum();
  }

  private static double[] closed(double[] logits, double[] g, double temperature) {
    double[] found = new double[logits.length];
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      double pull = 0;
      for (int i = row * WIDTH; i < (row + 1) * WIDTH; i++) {
        sum += Math.exp(logits[i] / temperature);
        pull += g[i];
      }
      for (int i = row * WIDTH; i < (row + 1) * WIDTH; i++) {
        found[i] = (g[i] - Math.exp(logits[i] / temperature) / sum * pull) / temperature;
      }
    }
    return found;
  }

  @Test
  void theReferencePolicyIsGiven() {
    Loss loss = minimise(logProb().minus(referenceLogProb()).square().mean(ALL_TOKENS));
    Bound bound = Bound.of(loss, Surface.STATISTICS, HashSet.of("log_prob", "ref_log_prob"));
    assertEquals(HashSet.of("log_prob"), bound.gradients().keySet());
  }
}
