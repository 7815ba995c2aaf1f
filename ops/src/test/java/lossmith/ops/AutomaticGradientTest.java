package lossmith.ops;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import java.util.Arrays;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** TensorFlow's own derivative against loops over plain numbers. */
final class AutomaticGradientTest {
  private static final int WIDTH = 3;
  private static final double[] KEY = {2, -1, 0.5, 3};

  /** L = Σ key · (log π)². */
  private static final Loss SQUARES =
      minimise(logProb().square().weightedBy(Terms.given("key", Axis.TOKEN)).sum(ALL_TOKENS));

  private static SamplesBuilder samples() {
    return new SamplesBuilder(new int[] {3, 1}, new int[] {0, 0})
        .sampled(new int[] {0, 2, 1, 1})
        .column("key", Level.Name.TOKEN, KEY);
  }

  private static Map<String, double[]> of(
      Loss loss, Surface surface, Precision precision, Samples data, Map<String, Double> values) {
    BoundLoss bound = BoundLoss.of(loss, surface, data.columns().addAll(data.grids()));
    try (AutomaticGradient gradient = AutomaticGradient.of(bound, precision).get()) {
      return gradient.evaluate(data, values);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BFLOAT16")
  void statistics(Precision precision) {
    double[] x = {-1, -0.25, -2, -3};
    Samples data = samples().column(Columns.LOG_PROB, Level.Name.TOKEN, x).build();
    Map<String, double[]> found = of(SQUARES, Surface.STATISTICS, precision, data, HashMap.empty());
    double[] expected = new double[x.length];
    Arrays.setAll(expected, t -> 2 * KEY[t] * x[t]);
    assertEquals(HashSet.of(Columns.LOG_PROB), found.keySet());
    assertArrayEquals(expected, found.get(Columns.LOG_PROB).get(), 1e-6);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BFLOAT16")
  void logitsAtATemperature(Precision precision) {
    double[] z = {0.5, -1, 2, 0, 1, -0.5, 3, 2.5, -2, 1, 1, 1};
    double temperature = 0.7;
    Samples data = samples().grid(BoundLoss.LOGITS, Grid.of(z, WIDTH)).build();
    Map<String, double[]> found =
        of(SQUARES, Surface.LOGITS, precision, data, HashMap.of(Columns.TEMPERATURE, temperature));
    double[] expected = new double[z.length];
    for (int t = 0; t < KEY.length; t++) {
      double total = 0;
      for (int v = 0; v < WIDTH; v++) {
        total += Math.exp(z[t * WIDTH + v] / temperature);
      }
      int y = data.sampled().get()[t];
      double logPi = z[t * WIDTH + y] / temperature - Math.log(total);
      for (int v = 0; v < WIDTH; v++) {
        double pi = Math.exp(z[t * WIDTH + v] / temperature) / total;
        double hit = v == y ? 1 : 0;
        expected[t * WIDTH + v] = 2 * KEY[t] * logPi * (hit - pi) / temperature;
      }
    }
    assertEquals(HashSet.of(BoundLoss.LOGITS), found.keySet());
    assertArrayEquals(
        expected, found.get(BoundLoss.LOGITS).get(), precision == Precision.FLOAT64 ? 1e-13 : 1e-4);
  }

  @Test
  void whatHasNoGradientIsNotThere() {
    double[] x = {-1, -0.25, -2, -3};
    Samples data =
        samples()
            .column(Columns.LOG_PROB, Level.Name.TOKEN, x)
            .column(Columns.ENTROPY, Level.Name.TOKEN, x)
            .build();
    assertEquals(
        HashSet.of(Columns.LOG_PROB),
        of(SQUARES, Surface.STATISTICS, Precision.FLOAT64, data, HashMap.empty()).keySet());
  }

  @Test
  void eachGradientHasItsOwnName() {
    double[] x = {-1, -0.25, -2, -3};
    Samples data =
        samples()
            .column(Columns.LOG_PROB, Level.Name.TOKEN, x)
            .column(Columns.VALUE, Level.Name.TOKEN, KEY)
            .build();
    Loss both =
        minimise(logProb().scaledBy(2).plus(Terms.value().square()).sum(ALL_TOKENS))
            .training(Loss.POLICY, Columns.VALUE);
    Map<String, double[]> found =
        of(both, Surface.STATISTICS, Precision.FLOAT64, data, HashMap.empty());
    assertArrayEquals(new double[] {2, 2, 2, 2}, found.get(Columns.LOG_PROB).get());
    assertArrayEquals(new double[] {4, -2, 1, 6}, found.get(Columns.VALUE).get());
  }

  @Test
  void aLossWithoutGradientHasNone() {
    double[] x = {-1, -0.25, -2, -3};
    Samples data = samples().column(Columns.LOG_PROB, Level.Name.TOKEN, x).build();
    Loss held = minimise(logProb().stopGradient().sum(ALL_TOKENS));
    assertEquals(
        HashMap.empty(), of(held, Surface.STATISTICS, Precision.FLOAT64, data, HashMap.empty()));
  }

  @Test
  void whatTensorFlowCannotDifferentiateIsNamed() {
    Loss scanned =
        minimise(
            Terms.scanBackward(logProb(), Terms.constant(0.5, Axis.TOKEN))
                .square()
                .sum(ALL_TOKENS));
    BoundLoss bound = BoundLoss.of(scanned, Surface.STATISTICS, HashSet.of(Columns.LOG_PROB));
    String unable = AutomaticGradient.of(bound, Precision.FLOAT64).getLeft();
    assertTrue(unable.contains("MulNoNan"), unable);
  }
}
