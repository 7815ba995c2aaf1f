package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Axis;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * −mean(n log π(y_t)), n the number of entries with log π over −2.5: on every surface the value and
 * the gradient n (π_v − 1[v = y_t]) / tokens, worked out by loops.
 */
final class CountedEntriesTest {
  private static final int TOKENS = 21;
  private static final int VOCABULARY = 11;
  private static final int WIDTH = 5;
  private static final double FLOOR = -2.5;
  private static final double TOLERANCE = 1e-12;

  private static final double[][] HIDDEN = random(TOKENS, 1);
  private static final double[][] WEIGHT = random(VOCABULARY, 2);
  private static final int[] SAMPLED = new Random(3).ints(TOKENS, 0, VOCABULARY).toArray();

  private static Loss loss() {
    var likely = Terms.logPi().above(Terms.constant(FLOOR, Axis.VOCABULARY_ENTRY));
    var n = Terms.count(Over.VOCABULARY.where(likely));
    return Terms.maximise(Terms.logProb().weightedBy(n).mean(Over.ALL_TOKENS));
  }

  private static double[][] random(int rows, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, rows)
        .mapToObj(row -> random.doubles(WIDTH, -1, 1).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] logits() {
    return Arrays.stream(HIDDEN)
        .map(h -> Arrays.stream(WEIGHT).mapToDouble(w -> dot(h, w)).toArray())
        .toArray(double[][]::new);
  }

  private static double dot(double[] x, double[] y) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
  }

  private static double[][] logPi() {
    return Arrays.stream(logits())
        .map(
            row -> {
              double mass = Math.log(Arrays.stream(row).map(Math::exp).sum());
              return Arrays.stream(row).map(z -> z - mass).toArray();
            })
        .toArray(double[][]::new);
  }

  private static long likely(double[] logPi) {
    return Arrays.stream(logPi).filter(x -> x > FLOOR).count();
  }

  private static double value() {
    double sum = 0;
    for (int t = 0; t < TOKENS; t++) {
      sum -= likely(logPi()[t]) * logPi()[t][SAMPLED[t]];
    }
    return sum / TOKENS;
  }

  private static double[][] gradient() {
    double[][] gradient = new double[TOKENS][VOCABULARY];
    for (int t = 0; t < TOKENS; t++) {
      for (int v = 0; v < VOCABULARY; v++) {
        double hit = v == SAMPLED[t] ? 1 : 0;
        gradient[t][v] = likely(logPi()[t]) * (Math.exp(logPi()[t][v]) - hit) / TOKENS;
      }
    }
    return gradient;
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static Matrix matrix(double[][] rows) {
    return Matrix.of(
        Precision.FLOAT64, new Grid(rows.length, rows[0].length, (t, v) -> rows[t][v]));
  }

  private static double[] flat(Matrix matrix, int rows) {
    return flat(IntStream.range(0, rows).mapToObj(matrix::row).toArray(double[][]::new));
  }

  private static SamplesBuilder samples() {
    return new SamplesBuilder(new int[] {TOKENS}, new int[] {0}).sampled(SAMPLED);
  }

  @Test
  void wholeLogits() {
    var samples = samples().grid(BoundLoss.LOGITS, Grid.of(flat(logits()), VOCABULARY)).build();
    Evaluation found = Batches.evaluate(loss(), Surface.LOGITS, samples, Precision.FLOAT64);
    assertEquals(value(), found.value(), TOLERANCE);
    assertArrayEquals(flat(gradient()), found.gradients().get(BoundLoss.LOGITS).get(), TOLERANCE);
  }

  /** In chunks, and whole in one. */
  @ParameterizedTest
  @ValueSource(ints = {2, 64})
  void rowsOfLogits(int rows) {
    var samples = samples().build();
    Matrix logits = matrix(logits());
    Policy.Logits policy = new Policy.Logits(logits, logits);
    try (FusedLoss fused =
        Compile.of(loss())
            .precision(Precision.FLOAT64)
            .vocabulary(VOCABULARY)
            .rows(rows)
            .logits()) {
      assertEquals(value(), fused.evaluate(samples, policy).value(), TOLERANCE);
    }
    assertArrayEquals(flat(gradient()), flat(logits, TOKENS), TOLERANCE);
  }

  @Test
  void hiddenStates() {
    var samples = samples().build();
    Matrix hidden = matrix(new double[TOKENS][WIDTH]);
    Matrix weight = matrix(new double[VOCABULARY][WIDTH]);
    Policy.Hidden policy =
        new Policy.Hidden(
            new Policy.Layer(matrix(HIDDEN), matrix(WEIGHT)), new Policy.Layer(hidden, weight));
    try (FusedLoss fused =
        Compile.of(loss())
            .precision(Precision.FLOAT64)
            .hidden(Head.of(VOCABULARY, WIDTH), 1 << 16)) {
      assertEquals(value(), fused.evaluate(samples, policy).value(), TOLERANCE);
    }
    double[][] ofHidden = new double[TOKENS][WIDTH];
    double[][] ofWeight = new double[VOCABULARY][WIDTH];
    double[][] ofLogits = gradient();
    for (int t = 0; t < TOKENS; t++) {
      for (int v = 0; v < VOCABULARY; v++) {
        for (int d = 0; d < WIDTH; d++) {
          ofHidden[t][d] += ofLogits[t][v] * WEIGHT[v][d];
          ofWeight[v][d] += ofLogits[t][v] * HIDDEN[t][d];
        }
      }
    }
    assertArrayEquals(flat(ofHidden), flat(hidden, TOKENS), TOLERANCE);
    assertArrayEquals(flat(ofWeight), flat(weight, VOCABULARY), TOLERANCE);
  }

  /** What the samples must have besides log π(y_t) is named by a column. */
  @Test
  void statistics() {
    Map<String, Node> cut = StatisticsSplit.of(loss(), HashSet.empty()).statistics();
    String name = cut.keySet().remove("log_prob").head();
    double[] n = Arrays.stream(logPi()).mapToDouble(row -> likely(row)).toArray();
    double[] logProb =
        IntStream.range(0, TOKENS).mapToDouble(t -> logPi()[t][SAMPLED[t]]).toArray();
    var samples =
        samples()
            .column("log_prob", Level.Name.TOKEN, logProb)
            .column(name, Level.Name.TOKEN, n)
            .build();
    Evaluation found = Batches.evaluate(loss(), Surface.STATISTICS, samples, Precision.FLOAT64);
    assertEquals(value(), found.value(), TOLERANCE);
    assertArrayEquals(
        Arrays.stream(n).map(x -> -x / TOKENS).toArray(),
        found.gradients().get("log_prob").get(),
        TOLERANCE);
  }
}
