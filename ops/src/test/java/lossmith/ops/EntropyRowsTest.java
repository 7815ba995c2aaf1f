package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The mean entropy of rows and its gradient, π (log π + H) / (n T), against loops: in chunks, and
 * whole in one.
 */
final class EntropyRowsTest {
  private static final int TOKENS = 7;

  @ParameterizedTest
  @CsvSource({
    "16, 3, FLOAT64, 1e-14",
    "7, 3, FLOAT64, 1e-14",
    "4096, 3, FLOAT64, 1e-13",
    "4096, 3, FLOAT32, 1e-5",
    "16, 64, FLOAT64, 1e-14",
    "4096, 64, FLOAT64, 1e-13",
    "4096, 64, FLOAT32, 1e-5"
  })
  void entropyAndGradientAreThoseOfLoops(
      int width, int chunk, Precision precision, double tolerance) {
    double temperature = 0.7;
    double[][] rows = rows(width);
    Samples samples =
        new SamplesBuilder(new int[] {TOKENS}, new int[] {0}).sampled(new int[TOKENS]).build();
    Loss loss = Terms.maximise(Terms.entropy().mean(Over.ALL_TOKENS));
    try (FusedLoss fused =
            Compile.of(loss).precision(precision).vocabulary(width).rows(chunk).logits();
        Matrix logits = Matrix.zeros(precision, TOKENS, width);
        Matrix gradient = Matrix.zeros(precision, TOKENS, width)) {
      for (int row = 0; row < TOKENS; row++) {
        logits.write(row, rows[row]);
      }
      Evaluation found =
          fused.evaluate(
              samples,
              new Policy.Logits(logits, gradient),
              HashMap.of(Columns.TEMPERATURE, temperature));
      double mean = 0;
      for (int row = 0; row < TOKENS; row++) {
        double[] logPi = logPi(rows[row], temperature);
        double entropy =
            -Arrays.stream(logPi).map(x -> Math.exp(x) == 0 ? 0 : Math.exp(x) * x).sum();
        mean += entropy / TOKENS;
        double[] slope = gradient.row(row);
        for (int v = 0; v < width; v++) {
          double pi = Math.exp(logPi[v]);
          double expected = pi == 0 ? 0 : pi * (logPi[v] + entropy) / (TOKENS * temperature);
          assertEquals(expected, slope[v], tolerance, "row " + row + " entry " + v);
        }
      }
      assertEquals(-mean, found.value(), tolerance * Math.max(1, mean));
    }
  }

  /** Even rows, one of equal logits, one with a peak, one with entries that cannot happen. */
  private static double[][] rows(int width) {
    Random random = new Random(width);
    double[][] rows = new double[TOKENS][];
    for (int row = 0; row < TOKENS; row++) {
      rows[row] = random.doubles(width, -4, 4).map(x -> (float) x).toArray();
    }
    Arrays.fill(rows[1], 3);
    rows[2][width / 2] = 1000;
    Arrays.fill(rows[3], 1, width / 2, Double.NEGATIVE_INFINITY);
    return rows;
  }

  private static double[] logPi(double[] logits, double temperature) {
    double most = Arrays.stream(logits).max().orElseThrow();
    double mass = Arrays.stream(logits).map(z -> Math.exp((z - most) / temperature)).sum();
    return Arrays.stream(logits).map(z -> (z - most) / temperature - Math.log(mass)).toArray();
  }
}
