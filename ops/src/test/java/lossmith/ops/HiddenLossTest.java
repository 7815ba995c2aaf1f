package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gradients of hidden states, weight and bias against plain loops over the gradient of the logits:
 * chunks that do not divide the batch, blocks that do not divide the vocabulary.
 *
 * <p>Long because the plain loops that it compares with stand beside their tests.
 */
final class HiddenLossTest {
  private static final int VOCABULARY = 310;
  private static final int WIDTH = 24;
  private static final double TEMPERATURE = 0.7;

  /** Eight rows a chunk, 77 entries a block in float64. */
  private static final long BUDGET = 200_000;

  private static Loss oneSweep() {
    return Terms.maximise(
        Terms.ratio()
            .times(Terms.given("a", Axis.TOKEN))
            .plus(Terms.entropy().scaledBy(0.1))
            .mean(Over.ALL_TOKENS));
  }

  private static Loss twoSweeps() {
    return Terms.minimise(Terms.ratio().mean(Over.ALL_TOKENS).log()).plus(oneSweep().as("more"));
  }

  private static Loss logRatioToReference() {
    return Terms.minimise(
            Terms.probTimes(Terms.logPi(), Terms.logPi().minus(Terms.referenceLogPi()))
                .sum(Over.VOCABULARY)
                .mean(Over.ALL_TOKENS))
        .plus(oneSweep().as("more"));
  }

  private static Samples samples(int tokens) {
    Random random = new Random(tokens);
    return new SamplesBuilder(new int[] {tokens}, new int[] {0})
        .sampled(random.ints(tokens, 0, VOCABULARY).toArray())
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, random.doubles(tokens, -7, -5).toArray())
        .column("a", Level.Name.TOKEN, random.doubles(tokens, -1, 1).toArray())
        .build();
  }

  private static Matrix random(Precision precision, int rows, int columns, long seed) {
    Matrix matrix = Matrix.zeros(precision, rows, columns);
    Random random = new Random(seed);
    for (int row = 0; row < rows; row++) {
      matrix.write(row, random.doubles(columns, -0.6, 0.6).toArray());
    }
    return matrix;
  }

  private static Policy.Layer layer(Precision precision, int tokens, boolean bias, long seed) {
    return new Policy.Layer(
        random(precision, tokens, WIDTH, seed),
        random(precision, VOCABULARY, WIDTH, seed + 1),
        Option.when(bias, () -> random(precision, 1, VOCABULARY, seed + 2)));
  }

  private static double[][] logits(Policy.Layer layer, int tokens) {
    double[][] logits = new double[tokens][VOCABULARY];
    double[] bias = layer.bias().map(b -> b.row(0)).getOrElse(new double[VOCABULARY]);
    for (int v = 0; v < VOCABULARY; v++) {
      double[] weight = layer.weight().row(v);
      for (int t = 0; t < tokens; t++) {
        double[] hidden = layer.hidden().row(t);
        logits[t][v] = bias[v];
        for (int d = 0; d < WIDTH; d++) {
          logits[t][v] += hidden[d] * weight[d];
        }
      }
    }
    return logits;
  }

  private static Matrix matrix(double[][] rows) {
    Matrix matrix = Matrix.zeros(Precision.FLOAT64, rows.length, rows[0].length);
    for (int row = 0; row < rows.length; row++) {
      matrix.write(row, rows[row]);
    }
    return matrix;
  }

  private static double[][] logSoftmax(double[][] logits) {
    return Arrays.stream(logits)
        .map(
            row -> {
              double most = Arrays.stream(row).max().getAsDouble();
              double mass = Arrays.stream(row).map(z -> Math.exp((z - most) / TEMPERATURE)).sum();
              return Arrays.stream(row)
                  .map(z -> (z - most) / TEMPERATURE - Math.log(mass))
                  .toArray();
            })
        .toArray(double[][]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT64, 0, false, 1e-12",
    "FLOAT64, 1, true, 1e-12",
    "FLOAT64, 2, true, 1e-12",
    "FLOAT32, 1, true, 1e-5",
    "FLOAT32, 2, false, 1e-5",
    "BFLOAT16, 0, true, 1e-5",
    "BFLOAT16, 2, false, 1e-5"
  })
  void gradientsAreThoseOfTheLogits(
      Precision precision, int which, boolean bias, double tolerance) {
    int tokens = 21;
    Loss loss = new Loss[] {oneSweep(), twoSweeps(), logRatioToReference()}[which];
    boolean reference = which == 2;
    Head head = Head.of(VOCABULARY, WIDTH);
    head = bias ? head.withBias() : head;
    head = reference ? head.withLayer(Columns.REFERENCE_LOG_PI) : head;
    Samples samples = samples(tokens);
    Policy.Layer layer = layer(precision, tokens, bias, 3);
    Policy.Layer other = layer(precision, tokens, false, 30);
    Policy.Layer gradient = layer(precision.gradients(), tokens, bias, 300); // is overwritten
    Map<String, Policy.Layer> layers =
        reference ? HashMap.of(Columns.REFERENCE_LOG_PI, other) : HashMap.empty();
    Map<String, Double> values = HashMap.of(Columns.TEMPERATURE, TEMPERATURE);

    double[][] logits = logits(layer, tokens);
    Map<String, Matrix> grids =
        reference
            ? HashMap.of(Columns.REFERENCE_LOG_PI, matrix(logSoftmax(logits(other, tokens))))
            : HashMap.empty();
    try (Matrix z = matrix(logits);
        FusedLoss expected =
            Compile.of(loss).precision(Precision.FLOAT64).vocabulary(VOCABULARY).rows(16).logits();
        FusedLoss found = Compile.of(loss).precision(precision).hidden(head, BUDGET)) {
      Evaluation whole = expected.evaluate(samples, new Policy.Logits(z, grids, z), values);
      Evaluation own =
          found.evaluate(samples, new Policy.Hidden(layer, gradient).withLayers(layers), values);
      assertEquals(whole.value(), own.value(), tolerance * Math.abs(whole.value()));
      check(layer, gradient, z, tokens, tolerance);
    }
  }

  private static void check(
      Policy.Layer layer, Policy.Layer found, Matrix dz, int tokens, double tolerance) {
    double[][] hidden = new double[tokens][WIDTH];
    double[][] weight = new double[VOCABULARY][WIDTH];
    double[] bias = new double[VOCABULARY];
    for (int t = 0; t < tokens; t++) {
      double[] row = dz.row(t);
      double[] h = layer.hidden().row(t);
      for (int v = 0; v < VOCABULARY; v++) {
        double[] w = layer.weight().row(v);
        bias[v] += row[v];
        for (int d = 0; d < WIDTH; d++) {
          hidden[t][d] += row[v] * w[d];
          weight[v][d] += row[v] * h[d];
        }
      }
    }
    close(hidden, found.hidden(), tolerance);
    close(weight, found.weight(), tolerance);
    found.bias().forEach(b -> close(new double[][] {bias}, b, tolerance));
  }

  private static void close(double[][] expected, Matrix found, double tolerance) {
    double most =
        Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().getAsDouble();
    for (int row = 0; row < expected.length; row++) {
      assertArrayEquals(expected[row], found.row(row), tolerance * most);
    }
  }

  @Test
  void theSizeOfAChunkChangesNothing() {
    Samples samples = samples(21);
    try (FusedLoss small = compiled(BUDGET);
        FusedLoss large = compiled(1L << 30)) {
      Policy.Layer layer = layer(Precision.FLOAT64, 21, false, 3);
      Policy.Layer one = layer(Precision.FLOAT64, 21, false, 4);
      Policy.Layer two = layer(Precision.FLOAT64, 21, false, 5);
      double left = evaluate(small, samples, layer, one);
      double right = evaluate(large, samples, layer, two);
      assertEquals(left, right, 1e-14);
      for (int row = 0; row < 21; row++) {
        assertArrayEquals(one.hidden().row(row), two.hidden().row(row), 1e-15);
      }
    }
  }

  /** 1024 rows fit the budget: what is left of a batch is 64, 128 or 256 rows, or a chunk. */
  @Test
  void whatDoesNotFillAChunkIsComputedAlike() {
    try (FusedLoss small = compiled(BUDGET);
        FusedLoss large = compiled(1L << 30)) {
      for (int tokens : new int[] {1, 64, 65, 200, 1024, 1089}) {
        Samples samples = samples(tokens);
        Policy.Layer layer = layer(Precision.FLOAT64, tokens, false, 3);
        Policy.Layer one = layer(Precision.FLOAT64, tokens, false, 4);
        Policy.Layer two = layer(Precision.FLOAT64, tokens, false, 5);
        double left = evaluate(small, samples, layer, one);
        assertEquals(left, evaluate(large, samples, layer, two), 1e-14, tokens + " tokens");
        close(rows(one.hidden()), two.hidden(), 1e-12);
        close(rows(one.weight()), two.weight(), 1e-12);
      }
    }
  }

  /** Of several chunk sizes, some of which are compiled by whichever thread comes first. */
  @Test
  void threadsShareOneLoss() throws Exception {
    int[] tokens = {5, 70, 150, 300};
    Map<Integer, List<double[][]>> alone =
        List.ofAll(tokens).toMap(n -> n, n -> withNew(l -> gradients(l, n)));
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try (FusedLoss shared = compiled(1L << 30)) {
      List<Callable<Boolean>> work =
          List.range(0, 32)
              .map(i -> tokens[i % tokens.length])
              .map(n -> () -> same(alone.get(n).get(), gradients(shared, n)));
      for (var done : pool.invokeAll(work.asJava())) {
        assertTrue(done.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  private static <T> T withNew(Function<FusedLoss, T> work) {
    try (FusedLoss loss = compiled(1L << 30)) {
      return work.apply(loss);
    }
  }

  private static boolean same(List<double[][]> left, List<double[][]> right) {
    return left.zip(right).forAll(both -> Arrays.deepEquals(both._1, both._2));
  }

  private static List<double[][]> gradients(FusedLoss loss, int tokens) {
    Policy.Layer layer = layer(Precision.FLOAT64, tokens, false, 3);
    Policy.Layer gradient = layer(Precision.FLOAT64, tokens, false, 4);
    double value = evaluate(loss, samples(tokens), layer, gradient);
    return List.of(new double[][] {{value}}, rows(gradient.hidden()), rows(gradient.weight()));
  }

  private static double[][] rows(Matrix matrix) {
    return IntStream.range(0, (int) matrix.rows()).mapToObj(matrix::row).toArray(double[][]::new);
  }

  private static FusedLoss compiled(long budget) {
    return Compile.of(oneSweep())
        .precision(Precision.FLOAT64)
        .hidden(Head.of(VOCABULARY, WIDTH), budget);
  }

  private static double evaluate(
      FusedLoss loss, Samples samples, Policy.Layer layer, Policy.Layer gradient) {
    var policy = new Policy.Hidden(layer, gradient);
    return loss.evaluate(samples, policy).value();
  }

  /** Hidden states may be the first rows of more; the weight is read as a whole. */
  @Test
  void hiddenStatesMayBeTheFirstOfMore() {
    try (FusedLoss loss = compiled(BUDGET)) {
      Policy.Layer more = layer(Precision.FLOAT64, 30, false, 3);
      Policy.Layer slopes = layer(Precision.FLOAT64, 30, false, 4);
      Policy.Layer few = new Policy.Layer(more.hidden().first(20), more.weight());
      Policy.Layer own = new Policy.Layer(slopes.hidden().first(20), slopes.weight());
      double value = evaluate(loss, samples(20), few, own);
      Policy.Layer copy = layer(Precision.FLOAT64, 20, false, 4);
      for (int row = 0; row < 20; row++) {
        copy.hidden().write(row, more.hidden().row(row));
      }
      Policy.Layer exact = layer(Precision.FLOAT64, 20, false, 5);
      Policy.Layer same = new Policy.Layer(copy.hidden(), more.weight());
      assertEquals(evaluate(loss, samples(20), same, exact), value);
      assertArrayEquals(rows(exact.hidden()), rows(own.hidden()));
      assertArrayEquals(rows(exact.weight()), rows(own.weight()));
    }
  }

  @Test
  void aBudgetWithoutRoomForARowIsRefused() {
    String message =
        String.valueOf(assertThrows(ProblemException.class, () -> compiled(1000)).getMessage());
    assertTrue(message.contains("1000 bytes"), message);
    assertTrue(message.contains("so that one row of logits exists"), message);
  }

  @Test
  void everythingThatDoesNotFitIsNamed() {
    Samples samples = samples(3);
    try (FusedLoss loss = compiled(BUDGET)) {
      Policy.Layer layer = layer(Precision.FLOAT32, 3, true, 3);
      Policy.Layer gradient = layer(Precision.FLOAT64, 2, false, 4);
      String message =
          String.valueOf(
              assertThrows(ProblemException.class, () -> evaluate(loss, samples, layer, gradient))
                  .getMessage());
      assertTrue(message.contains("hidden of shape [3, 24], float32"), message);
      assertTrue(message.contains("weight of shape [310, 24], float32"), message);
      assertTrue(message.contains("a bias"), message);
      assertTrue(message.contains("the gradient of hidden of shape [2, 24], float64"), message);
      Matrix z = Matrix.zeros(Precision.FLOAT64, 3, VOCABULARY);
      var logits = new Policy.Logits(z, z);
      String kind =
          String.valueOf(
              assertThrows(ProblemException.class, () -> loss.evaluate(samples, logits))
                  .getMessage());
      assertEquals(
          "policy: got logits; expected Policy.Hidden; write the policy that the loss was compiled"
              + " for, or Compile.of(loss).vocabulary(…).logits()",
          kind);
    }
  }

  @Test
  void aBiasThatIsMissingIsNamed() {
    Samples samples = samples(3);
    Head head = Head.of(VOCABULARY, WIDTH).withBias();
    try (FusedLoss loss =
        Compile.of(oneSweep()).precision(Precision.FLOAT64).hidden(head, BUDGET)) {
      Policy.Layer without = layer(Precision.FLOAT64, 3, false, 3);
      Policy.Layer with = layer(Precision.FLOAT64, 3, true, 4);
      assertEquals(
          "bias: got no bias; expected a bias, [1, vocabulary]; write a matrix for the bias",
          assertThrows(ProblemException.class, () -> evaluate(loss, samples, without, with))
              .getMessage());
    }
  }
}
