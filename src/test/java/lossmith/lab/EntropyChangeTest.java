package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.random.RandomGenerator;
import lossmith.dsl.data.Grid;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.lab.task.Seeds;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

class EntropyChangeTest {
  private static final double STEP = 1e-5;
  private static final double TEMPERATURE = 0.7;

  private static double[] drawn(RandomGenerator random, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = 2 * random.nextGaussian();
    }
    return numbers;
  }

  private static double[] moved(double[] logits, double[] by, double step) {
    double[] other = logits.clone();
    for (int v = 0; v < other.length; v++) {
      other[v] += step * by[v];
    }
    return other;
  }

  /** −Σ p log p, from the probabilities. */
  private static double entropy(double[] logits) {
    double all = 0;
    for (double z : logits) {
      all += Math.exp(z / TEMPERATURE);
    }
    double sum = 0;
    for (double z : logits) {
      double p = Math.exp(z / TEMPERATURE) / all;
      sum -= p * Math.log(p);
    }
    return sum;
  }

  @Test
  void theForecastIsTheSlopeOfTheEntropy() {
    RandomGenerator random = Seeds.random(7);
    for (int i = 0; i < 50; i++) {
      double[] logits = drawn(random, 6);
      double[] by = drawn(random, 6);
      double slope =
          (entropy(moved(logits, by, STEP)) - entropy(moved(logits, by, -STEP))) / (2 * STEP);
      double[] logPi = LogSoftmax.of(logits, TEMPERATURE);
      double forecast = EntropyChange.forecast(logPi, logits, moved(logits, by, 1)) / TEMPERATURE;
      assertEquals(slope, forecast, 1e-8 * Math.max(1, Math.abs(slope)));
      assertEquals(entropy(logits), EntropyChange.entropy(logPi), 1e-12);
    }
  }

  /** The gradient of a loss of log π, by its definition: w (1[v = y] − π_v) / T. */
  @Test
  void theNaturalForecastReadsTheWeightOffTheGradient() {
    RandomGenerator random = Seeds.random(8);
    double[] logits = drawn(random, 5);
    double[] weights = {0.4, -1.5};
    double[] gradient = new double[10];
    double expected = 0;
    for (int t = 0; t < 2; t++) {
      double[] logPi = LogSoftmax.of(logits, TEMPERATURE);
      for (int v = 0; v < 5; v++) {
        gradient[5 * t + v] =
            weights[t] * ((v == t + 1 ? 1 : 0) - Math.exp(logPi[v])) / TEMPERATURE;
      }
      double mean = 0;
      for (int v = 0; v < 5; v++) {
        mean -= Math.exp(logPi[v]) * logPi[v];
      }
      expected += weights[t] * (logPi[t + 1] + mean);
    }
    double[] twice = new double[10];
    System.arraycopy(logits, 0, twice, 0, 5);
    System.arraycopy(logits, 0, twice, 5, 5);
    try (Matrix policy = matrix(twice);
        Matrix slopes = matrix(gradient)) {
      assertEquals(
          expected, EntropyChange.natural(policy, slopes, new int[] {1, 2}, TEMPERATURE), 1e-12);
    }
  }

  private static Matrix matrix(double[] numbers) {
    return Matrix.of(Precision.FLOAT64, Grid.of(numbers, numbers.length / 2));
  }
}
