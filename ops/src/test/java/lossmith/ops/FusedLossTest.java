package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few rows of logits at a time: any chunk, over the logits, many threads, bad matrices. */
final class FusedLossTest {
  private static final int WIDTH = 7;

  /** A live mean of ratios under a logarithm needs two sweeps; the entropy bonus none more. */
  private static Loss twoSweeps() {
    return Terms.minimise(Terms.ratio().mean(Over.ALL_TOKENS).log())
        .plus(Terms.maximise(Terms.entropy().mean(Over.ALL_TOKENS)).as("bonus"));
  }

  static Samples samples(int tokens) {
    Random random = new Random(tokens);
    return new SamplesBuilder(new int[] {tokens}, new int[] {0})
        .sampled(random.ints(tokens, 0, WIDTH).toArray())
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, random.doubles(tokens, -2, -1).toArray())
        .build();
  }

  static Matrix logits(int tokens) {
    Matrix logits = Matrix.zeros(Precision.FLOAT64, tokens, WIDTH);
    Random random = new Random(9);
    for (int row = 0; row < tokens; row++) {
      logits.write(row, random.doubles(WIDTH, -2, 2).toArray());
    }
    return logits;
  }

  static FusedLoss compiled(int rows) {
    return Compile.of(twoSweeps())
        .precision(Precision.FLOAT64)
        .vocabulary(WIDTH)
        .rows(rows)
        .logits();
  }

  static double[][] gradient(FusedLoss loss, int tokens) {
    try (Matrix logits = logits(tokens);
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, tokens, WIDTH)) {
      Evaluation unused = loss.evaluate(samples(tokens), new Policy.Logits(logits, gradient));
      return rows(gradient);
    }
  }

  static double[][] rows(Matrix matrix) {
    double[][] rows = new double[(int) matrix.rows()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = matrix.row(row);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 64})
  void theSizeOfAChunkChangesNothing(int rows) {
    try (FusedLoss one = compiled(5);
        FusedLoss other = compiled(rows)) {
      double[][] expected = gradient(one, 23);
      double[][] found = gradient(other, 23);
      for (int row = 0; row < expected.length; row++) {
        assertArrayEquals(expected[row], found[row], 1e-15); // entries of 0.1, another program
      }
    }
  }

  /** A trainer makes matrices for its longest batch; what lies in the rows beyond is no matter. */
  @Test
  void aMatrixHoldsBatchesOfOtherLengths() {
    try (FusedLoss loss = compiled(4);
        Matrix logits = logits(40);
        Matrix gradient = logits(40)) {
      for (int tokens : new int[] {23, 8, 40}) {
        double[][] before = rows(gradient);
        Policy policy = new Policy.Logits(logits.first(tokens), gradient.first(tokens));
        Evaluation unused = loss.evaluate(samples(tokens), policy);
        double[][] after = rows(gradient);
        assertArrayEquals(gradient(loss, tokens), Arrays.copyOf(after, tokens));
        for (int row = tokens; row < 40; row++) {
          assertArrayEquals(before[row], after[row]);
        }
      }
    }
  }

  @Test
  void parametersComeInEitherMap() {
    try (FusedLoss loss = compiled(4);
        Matrix logits = logits(5);
        Matrix gradient = logits(5)) {
      Policy policy = new Policy.Logits(logits, gradient);
      Map<String, Double> cold = Map.of(Columns.TEMPERATURE, 0.5);
      double expected =
          loss.evaluate(samples(5), policy, io.vavr.collection.HashMap.ofAll(cold)).value();
      assertEquals(expected, loss.evaluate(samples(5), policy, cold).value());
      assertNotEquals(expected, loss.evaluate(samples(5), policy).value());
      Partial whole = Partial.of(samples(5), new long[] {0});
      assertEquals(loss.window(whole).passes(), loss.window(whole, cold).passes());
    }
  }

  /** In chunks, and whole in one. */
  @ParameterizedTest
  @ValueSource(ints = {4, 64})
  void theGradientMayBeWrittenOverTheLogits(int rows) {
    try (FusedLoss loss = compiled(rows);
        Matrix both = logits(23)) {
      Evaluation unused = loss.evaluate(samples(23), new Policy.Logits(both, both));
      assertArrayEquals(gradient(loss, 23), rows(both));
    }
  }

  @Test
  void threadsShareOneLoss() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try (FusedLoss loss = compiled(4)) {
      double[][] alone = gradient(loss, 23);
      List<Callable<double[][]>> work = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        work.add(
            () -> {
              double[][] last = alone;
              for (int i = 0; i < 10; i++) {
                last = gradient(loss, 23);
              }
              return last;
            });
      }
      for (var done : pool.invokeAll(work)) {
        assertArrayEquals(alone, done.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void theThreadsThatReadRowsEndWithTheLoss() throws InterruptedException {
    Set<Thread> own = readers();
    try (FusedLoss loss = compiled(4)) {
      assertEquals(23, gradient(loss, 23).length);
      own = readers().removeAll(own);
      assertFalse(own.isEmpty());
      assertTrue(own.forAll(Thread::isDaemon), "threads that keep a program alive");
    }
    for (Thread thread : own) {
      thread.join(10_000);
      assertFalse(thread.isAlive(), thread::getName);
    }
  }

  private static Set<Thread> readers() {
    return HashSet.ofAll(Thread.getAllStackTraces().keySet())
        .filter(thread -> thread.getName().equals("lossmith-rows"));
  }

  private static String refused(Matrix logits, Matrix gradient, Samples samples) {
    try (logits;
        gradient;
        FusedLoss loss = compiled(4)) {
      var policy = new Policy.Logits(logits, gradient);
      return String.valueOf(
          assertThrows(ProblemException.class, () -> loss.evaluate(samples, policy)).getMessage());
    }
  }

  private static Matrix zeros(Precision precision, int rows, int columns) {
    return Matrix.zeros(precision, rows, columns);
  }

  @Test
  void matricesThatDoNotFitAreAllNamed() {
    String message =
        refused(zeros(Precision.FLOAT64, 3, WIDTH), zeros(Precision.FLOAT32, 2, WIDTH), samples(2));
    assertTrue(message.contains("logits of shape [3, 7], float64"), message);
    assertTrue(message.contains("the gradient of shape [2, 7], float32"), message);
    assertTrue(message.contains("shape [2, 7] (tokens, vocabulary), float64"), message);
  }

  /** Ids 0 and WIDTH − 1 are entries of the vocabulary; one beyond either is none. */
  @Test
  void aTokenIdBeyondTheVocabularyIsNamed() {
    for (int id : new int[] {-1, WIDTH}) {
      Samples samples =
          new SamplesBuilder(new int[] {3}, new int[] {0})
              .sampled(new int[] {0, WIDTH - 1, id})
              .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[3])
              .build();
      assertEquals(
          "tokens: got token id "
              + id
              + " at token 2; expected an id from 0 to 6; write ids of the vocabulary of the"
              + " logits",
          refused(logits(3), zeros(Precision.FLOAT64, 3, WIDTH), samples));
    }
  }

  @Test
  void samplesWithoutTokenIdsAreNamed() {
    Samples samples =
        new SamplesBuilder(new int[] {3}, new int[] {0})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[3])
            .build();
    assertEquals(
        "tokens: got samples without token ids; expected the sampled entry of each token;"
            + " write samples with token ids",
        refused(logits(3), zeros(Precision.FLOAT64, 3, WIDTH), samples));
  }

  @Test
  void logitsThatAreNoNumbersAreNamedByToken() {
    Matrix logits = logits(6);
    logits.write(5, new double[] {0, Double.NaN, 0, 0, 0, 0, 0});
    String message = refused(logits, zeros(Precision.FLOAT64, 6, WIDTH), samples(6));
    assertTrue(message.contains("NaN at token 5"), message);
    assertTrue(message.contains("expected logits that are numbers"), message);
  }

  @Test
  void sampledEntryAtMinusInfinityIsNamedByToken() {
    Samples samples = samples(6);
    double[] row = new double[WIDTH];
    row[samples.sampled().get()[4]] = Double.NEGATIVE_INFINITY;
    Matrix logits = logits(6);
    logits.write(4, row);
    String message = refused(logits, zeros(Precision.FLOAT64, 6, WIDTH), samples);
    assertTrue(message.contains("log_prob = -Infinity at token 4"), message);
    assertTrue(message.contains("expected a logit above -inf for the sampled token"), message);
    assertEquals(6, samples.tokens());
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    ProblemException wrong =
        assertThrows(
            ProblemException.class,
            () ->
                Compile.of(twoSweeps())
                    .precision(Precision.FLOAT64)
                    .device("GPU:99")
                    .vocabulary(WIDTH)
                    .rows(2)
                    .logits()
                    .close());
    assertTrue(
        wrong.toString().contains("GPU:99, which TensorFlow does not find"), wrong::toString);
  }
}
