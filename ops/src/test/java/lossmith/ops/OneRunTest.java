package lossmith.ops;

import static lossmith.ops.FusedLossTest.compiled;
import static lossmith.ops.FusedLossTest.gradient;
import static lossmith.ops.FusedLossTest.logits;
import static lossmith.ops.FusedLossTest.rows;
import static lossmith.ops.FusedLossTest.samples;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A small batch, which is computed whole, beside the same in several chunks and beside loops. */
final class OneRunTest {
  private static final int TOKENS = 5;
  private static final int WIDTH = 6;
  private static final double COLD = 0.7;

  /** Of some rows of a matrix; those beyond the batch stay as they are. */
  @Test
  void aMatrixHoldsShorterBatchesToo() {
    try (FusedLoss whole = compiled(64);
        FusedLoss parts = compiled(4);
        Matrix logits = logits(40);
        Matrix gradient = logits(40);
        Matrix other = logits(40)) {
      for (int tokens : new int[] {23, 1, 40}) {
        double[][] before = rows(gradient);
        Policy policy = new Policy.Logits(logits.first(tokens), gradient.first(tokens));
        Evaluation found = whole.evaluate(samples(tokens), policy);
        Evaluation expected =
            parts.evaluate(
                samples(tokens), new Policy.Logits(logits.first(tokens), other.first(tokens)));
        assertEquals(expected.value(), found.value(), 1e-15);
        assertEquals(expected.metrics(), found.metrics());
        double[][] after = rows(gradient);
        double[][] apart = gradient(parts, tokens);
        for (int row = 0; row < 40; row++) {
          assertArrayEquals(row < tokens ? apart[row] : before[row], after[row], 1e-15);
        }
      }
    }
  }

  private static double[] logPi(double[] logits, double temperature) {
    double mass = Arrays.stream(logits).map(z -> Math.exp(z / temperature)).sum();
    return Arrays.stream(logits).map(z -> z / temperature - Math.log(mass)).toArray();
  }

  private static double[][] random(long seed, Precision precision) {
    Random random = new Random(seed);
    double[][] rows = new double[TOKENS][];
    try (Matrix kept = Matrix.zeros(precision, 1, WIDTH)) {
      for (int t = 0; t < TOKENS; t++) {
        kept.write(0, random.doubles(WIDTH, -2, 2).toArray());
        rows[t] = kept.row(0);
      }
    }
    return rows;
  }

  private static Matrix matrix(Precision precision, double[][] rows) {
    Matrix matrix = Matrix.zeros(precision, rows.length, WIDTH);
    for (int t = 0; t < rows.length; t++) {
      matrix.write(t, rows[t]);
    }
    return matrix;
  }

  /** KL(π ‖ π_ref), whose slope is π (log π − log π_ref − KL) / (T n), for π at a temperature T. */
  @ParameterizedTest
  @CsvSource({"FLOAT64, 1e-15", "FLOAT32, 1e-7", "BFLOAT16, 1e-3"})
  void aDivergenceAndItsGradientAreThoseOfLoops(Precision precision, double tolerance) {
    Loss loss =
        Terms.minimise(
            Terms.probTimes(
                    Terms.logPi(),
                    Terms.logPi().minus(Terms.given("reference", Axis.VOCABULARY_ENTRY)))
                .sum(Over.VOCABULARY)
                .mean(Over.ALL_TOKENS));
    double[][] z = random(1, precision);
    double[][] q = random(2, precision);
    Samples samples =
        new SamplesBuilder(new int[] {3, 2}, new int[] {0, 0}).sampled(new int[TOKENS]).build();
    try (FusedLoss whole =
            Compile.of(loss).precision(precision).vocabulary(WIDTH).rows(64).logits();
        Matrix logits = matrix(precision, z);
        Matrix reference = matrix(precision, q);
        Matrix gradient = Matrix.zeros(precision, TOKENS, WIDTH)) {
      Evaluation found =
          whole.evaluate(
              samples,
              new Policy.Logits(logits, HashMap.of("reference", reference), gradient),
              HashMap.of(Columns.TEMPERATURE, COLD));
      double mean = 0;
      for (int t = 0; t < TOKENS; t++) {
        double[] logPi = logPi(z[t], COLD);
        double kl = 0;
        for (int v = 0; v < WIDTH; v++) {
          kl += Math.exp(logPi[v]) * (logPi[v] - q[t][v]);
        }
        mean += kl / TOKENS;
        double[] slope = gradient.row(t);
        for (int v = 0; v < WIDTH; v++) {
          double expected = Math.exp(logPi[v]) * (logPi[v] - q[t][v] - kl) / (COLD * TOKENS);
          assertEquals(expected, slope[v], tolerance, "token " + t + " entry " + v);
        }
      }
      assertEquals(mean, found.value(), Math.max(1e-14, 10 * tolerance));
    }
  }

  /** What is wrong with logits is said in the same words, whole or in chunks. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY})
  void wrongLogitsAreNamedAsInChunks(double wrong) {
    Samples samples = samples(6);
    double[] row = new double[7];
    row[samples.sampled().get()[4]] = wrong;
    try (FusedLoss whole = compiled(64);
        FusedLoss parts = compiled(4);
        Matrix logits = logits(6);
        Matrix gradient = logits(6)) {
      logits.write(4, row);
      Policy policy = new Policy.Logits(logits, gradient);
      double[][] before = rows(gradient);
      assertEquals(refused(parts, samples, policy), refused(whole, samples, policy));
      assertArrayEquals(before, rows(gradient), "no half-written gradient");
    }
  }

  private static String refused(FusedLoss loss, Samples samples, Policy policy) {
    return String.valueOf(
        assertThrows(ProblemException.class, () -> loss.evaluate(samples, policy)).getMessage());
  }
}
