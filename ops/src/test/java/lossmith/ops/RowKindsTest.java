package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is said of every entry of the vocabulary, a few rows of logits or of hidden states at a
 * time: numbers worked out by hand, and the gradient that the whole logits have.
 */
final class RowKindsTest {
  private static final Detached<Vocabulary> Q = Terms.given("q", Axis.VOCABULARY_ENTRY);
  private static final Detached<Vocabulary> ONE = entry(1);
  private static final Condition<Vocabulary> LARGE = Q.above(entry(1.5));
  private static final Condition<Vocabulary> GAINED =
      Terms.reward().positive().per(Axis.VOCABULARY_ENTRY);

  private static Detached<Vocabulary> entry(double x) {
    return Terms.constant(x, Axis.VOCABULARY_ENTRY);
  }

  /**
   * q of each row; the rows are told apart by weights 1, 100 and 10⁴, the entries by 1, 10, 10².
   */
  private static final double[][] ROWS = {{1, 3, 2}, {5, 4, 6}, {0, 0, 7}};

  private static final double[] OF_ROW = {1, 1e2, 1e4};
  private static final double[] OF_ENTRY = {1, 10, 1e2};

  /** By name a number of the batch, and what it is. */
  private static final class ByHand {
    private final java.util.Map<String, Double> expected = new java.util.LinkedHashMap<>();
    private Loss loss = Terms.maximise(Terms.logProb().sum(Over.ALL_TOKENS));

    private void rows(Detached<Level.Token> x, double... of) {
      double sum = 0;
      for (int t = 0; t < of.length; t++) {
        sum += OF_ROW[t] * of[t];
      }
      String name = "m" + expected.size();
      expected.put(name, sum);
      Detached<Level.Token> weight = Terms.given("of_row", Axis.TOKEN);
      loss = loss.log(name, x.times(weight).sum(Over.ALL_TOKENS));
    }

    private void entries(Detached<Vocabulary> x, double... of) {
      double[] sums = new double[of.length / OF_ENTRY.length];
      for (int i = 0; i < of.length; i++) {
        sums[i / OF_ENTRY.length] += OF_ENTRY[i % OF_ENTRY.length] * of[i];
      }
      Detached<Vocabulary> weight = Terms.given("of_entry", Axis.VOCABULARY_ENTRY);
      rows(x.times(weight).sum(Over.VOCABULARY), sums);
    }
  }

  /** As in {@link VocabularyKindsTest}, where each is a number per entry. */
  private static ByHand byHand() {
    ByHand is = new ByHand();
    is.entries(Q.rank(Over.VOCABULARY), 2, 0, 1, 1, 2, 0, 1, 2, 0);
    is.entries(Q.rank(Over.VOCABULARY.where(LARGE)), 2, 0, 1, 1, 2, 0, 1, 1, 0);
    is.entries(Q.sortedBy(Q, Over.VOCABULARY), 3, 2, 1, 6, 5, 4, 7, 0, 0);
    Detached<Vocabulary> key = Terms.logPi().stopGradient().plus(Q.negated());
    is.entries(Q.sortedBy(key, Over.VOCABULARY), 1, 2, 3, 4, 5, 6, 0, 0, 7);
    is.entries(Q.cumulativeSum(Q, Over.VOCABULARY), 1, 6, 3, 9, 4, 15, 0, 0, 7);
    is.entries(Q.shiftedBy(1).sumByKey(Q, Over.VOCABULARY), 2, 4, 3, 6, 5, 7, 2, 2, 8);
    is.entries(Q.clip(Clip.between(2, 5)).as("c"), 2, 3, 2, 5, 4, 5, 2, 2, 5);
    is.entries(Terms.select(LARGE.and(GAINED), Q, ONE), 1, 3, 2, 5, 4, 6, 1, 1, 1);
    is.entries(Terms.select(LARGE.or(GAINED), Q, ONE), 1, 3, 2, 5, 4, 6, 1, 1, 7);
    is.entries(Terms.select(LARGE.not(), Q, ONE), 1, 1, 1, 1, 1, 1, 0, 0, 1);
    is.entries(Terms.select(Q.equalTo(entry(4)), Q, ONE), 1, 1, 1, 1, 4, 1, 1, 1, 1);
    is.entries(Terms.select(Q.atMost(entry(2)), Q, ONE), 1, 1, 2, 1, 1, 1, 0, 0, 1);
    is.entries(Terms.reward().per(Axis.VOCABULARY_ENTRY), 1, 1, 1, 1, 1, 1, -1, -1, -1);
    is.entries(Terms.sampled().indicator().times(Q), 0, 3, 0, 0, 0, 6, 0, 0, 0);
    is.rows(Q.sum(Over.VOCABULARY), 6, 15, 7);
    is.rows(Q.sum(Over.VOCABULARY.where(LARGE)), 5, 15, 7);
    is.rows(Q.mean(Over.VOCABULARY), 2, 5, 7 / 3.0);
    is.rows(Q.mean(Over.VOCABULARY.where(LARGE)), 2.5, 5, 7);
    is.rows(Q.mean(Over.VOCABULARY.where(LARGE.and(LARGE.not()))), 0, 0, 0);
    is.rows(Q.max(Over.VOCABULARY), 3, 6, 7);
    is.rows(Q.min(Over.VOCABULARY), 1, 4, 0);
    is.rows(Q.min(Over.VOCABULARY.where(LARGE)), 2, 4, 7);
    is.rows(Q.max(Over.VOCABULARY.where(LARGE.not())), 1, 0, 0);
    is.rows(Q.std(Over.VOCABULARY, 1), 1, 1, Math.sqrt(49 / 3.0));
    is.rows(Q.std(Over.VOCABULARY.where(LARGE), 1), Math.sqrt(0.5), 1, 0);
    is.rows(Q.ulp(Over.VOCABULARY).scaledBy(0x1p52), 3, 6, 7);
    is.rows(
        Q.scaledBy(0.5).shiftedBy(0.25).ulp(Over.VOCABULARY).scaledBy(0x1p23), 1.75, 3.25, 3.75);
    is.rows(Terms.count(Over.VOCABULARY), 3, 3, 3);
    is.rows(Terms.count(Over.VOCABULARY.where(LARGE)), 2, 3, 1);
    is.rows(Terms.ofSampled(Q), 3, 6, 0);
    Term<Vocabulary> squares = Terms.probTimes(Q.log(), Q).stopGradient();
    is.rows(squares.sum(Over.VOCABULARY).stopGradient(), 14, 77, 49);
    // log π = −log 3 of each entry
    double three = Math.log(3);
    Term<Vocabulary> logPi = Terms.logPi();
    is.rows(Terms.entropy().stopGradient(), three, three, three);
    is.rows(
        logPi.times(Q).sum(Over.VOCABULARY).stopGradient(), -6 * three, -15 * three, -7 * three);
    is.rows(Terms.probTimes(logPi, Q).sum(Over.VOCABULARY).stopGradient(), 2, 5, 7 / 3.0);
    is.rows(
        Terms.probTimes(logPi, logPi.square()).sum(Over.VOCABULARY).stopGradient(),
        three * three,
        three * three,
        three * three);
    is.rows(
        Terms.probTimes(logPi, logPi).max(Over.VOCABULARY).stopGradient(),
        -three / 3,
        -three / 3,
        -three / 3);
    return is;
  }

  private static SamplesBuilder three() {
    return new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0})
        .sampled(new int[] {1, 2, 0})
        .column("of_row", Level.Name.TOKEN, OF_ROW)
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, -1});
  }

  private static Matrix matrix(double[][] rows) {
    return Matrix.of(
        Precision.FLOAT64, new Grid(rows.length, rows[0].length, (t, v) -> rows[t][v]));
  }

  private static void assertByHand(ByHand byHand, Evaluation found) {
    byHand.expected.forEach(
        (name, x) ->
            assertEquals(
                x, found.metrics().get(name).get(), 1e-9 * Math.max(1, Math.abs(x)), name));
  }

  private static Map<String, Matrix> grids() {
    double[][] weights = {OF_ENTRY, OF_ENTRY, OF_ENTRY};
    return HashMap.of("q", matrix(ROWS), "of_entry", matrix(weights));
  }

  /** In two chunks, and whole in one. */
  @ParameterizedTest
  @ValueSource(ints = {2, 64})
  void statisticsOfRowsOfLogits(int rows) {
    ByHand byHand = byHand();
    Samples samples = three().build();
    Matrix zero = matrix(new double[3][3]);
    try (FusedLoss loss =
        Compile.of(byHand.loss).precision(Precision.FLOAT64).vocabulary(3).rows(rows).logits()) {
      var policy = new Policy.Logits(zero, grids(), zero);
      assertByHand(byHand, loss.evaluate(samples, policy));
    }
  }

  /**
   * Holds four rows, and of an entry that needs no others 32 at a time: with blocks of 32 and r
   * rows 8 (130 r + 520 r + 64 r + 8320 + 520 r) bytes.
   */
  private static final long HELD = 120_000;

  private static final int TOKENS = 7;
  private static final int WIDTH = 130;

  /** Every kind that a slope goes through, and a number that is no statistic of the policy. */
  private static Loss live() {
    Term<Vocabulary> x = Terms.logPi();
    Detached<Vocabulary> fixed = x.stopGradient();
    Condition<Vocabulary> best = fixed.rank(Over.VOCABULARY).below(entry(40));
    Condition<Vocabulary> odd = Q.positive().and(GAINED.not());
    Term<Level.Token> sum =
        x.exp()
            .cumulativeSum(Q, Over.VOCABULARY)
            .square()
            .plus(x.sortedBy(fixed, Over.VOCABULARY).times(Q))
            .plus(x.clip(Clip.between(-5.2, -4.6)).square())
            .plus(Terms.select(odd.or(best.not()), x.exp(), x.times(Q)))
            .sum(Over.VOCABULARY)
            .plus(x.exp().sum(Over.VOCABULARY.where(best)).log())
            .plus(x.std(Over.VOCABULARY.where(odd), 1))
            .plus(x.max(Over.VOCABULARY).times(x.min(Over.VOCABULARY.where(best))))
            .plus(x.square().mean(Over.VOCABULARY.where(odd)))
            .plus(Terms.probTimes(x, x.minus(Q)).sum(Over.VOCABULARY))
            .plus(Terms.entropy().square());
    Term<Level.Token> value = Terms.value();
    return Terms.minimise(
        sum.times(Terms.given("a", Axis.TOKEN)).plus(value.square()).mean(Over.ALL_TOKENS));
  }

  private static double[][] random(int rows, long seed) {
    Random random = new Random(seed);
    double[][] found = new double[rows][];
    Arrays.setAll(found, row -> random.doubles(WIDTH, -1, 1).toArray());
    return found;
  }

  private static SamplesBuilder seven() {
    Random random = new Random(5);
    return new SamplesBuilder(new int[] {4, 3}, new int[] {0, 0})
        .sampled(random.ints(TOKENS, 0, WIDTH).toArray())
        .column("a", Level.Name.TOKEN, random.doubles(TOKENS, -1, 1).toArray())
        .column(Columns.VALUE, Level.Name.TOKEN, random.doubles(TOKENS, -1, 1).toArray())
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, -1});
  }

  /** An output layer of the identity: its logits are the hidden states. */
  @Test
  void slopesAreThoseOfTheWholeLogits() {
    double[][] z = random(TOKENS, 1);
    double[][] q = random(TOKENS, 2);
    Samples samples = seven().build();
    Samples whole =
        seven()
            .grid(BoundLoss.LOGITS, new Grid(TOKENS, WIDTH, (t, v) -> z[t][v]))
            .grid("q", new Grid(TOKENS, WIDTH, (t, v) -> q[t][v]))
            .build();
    Evaluation expected = Batches.evaluate(live(), Surface.LOGITS, whole, Precision.FLOAT64);
    double[] slope = expected.gradients().get(BoundLoss.LOGITS).get();
    Map<String, Matrix> grids = HashMap.of("q", matrix(q));

    double[][] identity = new double[WIDTH][WIDTH];
    double[][] ofWeight = new double[WIDTH][WIDTH];
    for (int v = 0; v < WIDTH; v++) {
      identity[v][v] = 1;
      for (int t = 0; t < TOKENS; t++) {
        for (int d = 0; d < WIDTH; d++) {
          ofWeight[v][d] += slope[t * WIDTH + v] * z[t][d];
        }
      }
    }
    Policy.Layer layer = new Policy.Layer(matrix(z), matrix(identity));
    // is overwritten
    Policy.Layer slopes = new Policy.Layer(matrix(random(TOKENS, 4)), matrix(random(WIDTH, 5)));
    try (FusedLoss loss =
        Compile.of(live()).precision(Precision.FLOAT64).hidden(Head.of(WIDTH, WIDTH), HELD)) {
      var policy = new Policy.Hidden(layer, slopes).withGrids(grids);
      assertSame(expected, loss.evaluate(samples, policy));
      assertArrayEquals(slope, slopes.hidden().numbers(), 1e-12);
      assertArrayEquals(matrix(ofWeight).numbers(), slopes.weight().numbers(), 1e-12);
    }
  }

  /** The policy's gradient is where the policy says, and not in what is found. */
  private static void assertSame(Evaluation expected, Evaluation found) {
    assertEquals(expected.value(), found.value(), 1e-12);
    assertEquals(HashSet.of(Columns.VALUE), found.gradients().keySet());
    assertArrayEquals(
        expected.gradients().get(Columns.VALUE).get(),
        found.gradients().get(Columns.VALUE).get(),
        1e-12);
  }

  @Test
  void whatReachesBeyondTheRowIsRefusedInsideAStatistic() {
    Detached<Level.Token> fraction = Terms.constant(0.5, Axis.TOKEN);
    Loss loss =
        Terms.minimise(
            Terms.logProb()
                .weightedBy(Terms.logPi().stopGradient().quantile(fraction, Over.VOCABULARY))
                .mean(Over.ALL_TOKENS));
    String message =
        String.valueOf(
            assertThrows(
                    ProblemException.class, () -> Compile.of(loss).vocabulary(3).logits().close())
                .getMessage());
    assertTrue(message.startsWith("fused: got a quantile over the vocabulary inside"), message);
  }
}
