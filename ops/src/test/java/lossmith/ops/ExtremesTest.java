package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
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

/** Log-ratios and logits of ±1e4, logits at −inf, logits that are no numbers. */
final class ExtremesTest {
  private static final double INF = Double.NEGATIVE_INFINITY;

  /** −mean min(r A, clip(r, 0.8, 1.2) A) with A given. */
  private static Loss clipped() {
    var a = Terms.given("advantage", Axis.TOKEN);
    var r = Terms.ratio();
    var surrogate = Terms.min(r.times(a), r.clip(Clip.between(0.8, 1.2)).times(a));
    return Terms.maximise(surrogate.mean(Over.ALL_TOKENS))
        .plus(Terms.maximise(Terms.entropy().mean(Over.ALL_TOKENS)).as("bonus"));
  }

  private static SamplesBuilder tokens(int count) {
    double[] zero = new double[count];
    double[] a = new double[count];
    Arrays.setAll(a, t -> t % 2 == 0 ? 1 : -1);
    return new SamplesBuilder(new int[] {count}, new int[] {0})
        .column("advantage", Level.Name.TOKEN, a)
        .column(Columns.ENTROPY, Level.Name.TOKEN, zero);
  }

  private static void finite(Evaluation evaluation) {
    assertTrue(Double.isFinite(evaluation.value()), "value " + evaluation.value());
    evaluation
        .gradients()
        .forEach(
            (name, numbers) ->
                assertTrue(
                    Arrays.stream(numbers).allMatch(Double::isFinite),
                    name + " " + Arrays.toString(numbers)));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void logRatiosOfTenThousandAreFiniteAndCounted(Precision precision) {
    Samples samples =
        tokens(4)
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1, -1, -1e4, -1e4})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1e4, -1e4, -1, -1})
            .build();
    Evaluation found = Batches.evaluate(clipped(), Surface.STATISTICS, samples, precision);
    finite(found);
    assertEquals(4, found.metrics().get(Evaluation.SATURATED).get());
    // beyond the saturation exp is flat, and r(A = 1) is clipped: nothing teaches
    assertArrayEquals(new double[4], found.gradients().get(Columns.LOG_PROB).get(), 0.0);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void logitsOfTenThousandAreFinite(Precision precision) {
    double[] logits = {1e4, -1e4, 0, -1e4, 1e4, 3, 0, 0, 0};
    Samples samples =
        tokens(3)
            .sampled(new int[] {0, 0, 2})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {0, -1, -1})
            .grid(BoundLoss.LOGITS, Grid.of(logits, 3))
            .build();
    Evaluation found = Batches.evaluate(clipped(), Surface.LOGITS, samples, precision);
    finite(found);
    // token 2: p = 1/3 each, r = e/3, A = 1, so dL/dz = −(r/3)(1[v = 2] − 1/3); H is at its top
    double r = Math.E / 3;
    double[] gradient = found.gradients().get(BoundLoss.LOGITS).get();
    double close = precision == Precision.FLOAT64 ? 1e-15 : 1e-6;
    assertArrayEquals(
        new double[] {r / 9, r / 9, -2 * r / 9}, Arrays.copyOfRange(gradient, 6, 9), close);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void logitAtMinusInfinityIsAsIfItWereNotThere(Precision precision) {
    double[] with = {0.5, INF, -1, 2, 0.1, INF};
    double[] without = {0.5, -1, 2, 0.1};
    Evaluation left =
        Batches.evaluate(clipped(), Surface.LOGITS, two(Grid.of(with, 3), 2, 0), precision);
    Evaluation right =
        Batches.evaluate(clipped(), Surface.LOGITS, two(Grid.of(without, 2), 1, 0), precision);
    double close = precision == Precision.FLOAT64 ? 1e-15 : 1e-6;
    assertEquals(right.value(), left.value(), close);
    double[] g = left.gradients().get(BoundLoss.LOGITS).get();
    assertEquals(0, Math.abs(g[1])); // the sign of a zero says nothing
    assertEquals(0, Math.abs(g[5]));
    assertArrayEquals(
        right.gradients().get(BoundLoss.LOGITS).get(),
        new double[] {g[0], g[2], g[3], g[4]},
        close);
  }

  private static Samples two(Grid logits, int first, int second) {
    return tokens(2)
        .sampled(new int[] {first, second})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1, -1})
        .grid(BoundLoss.LOGITS, logits)
        .build();
  }

  private static String refused(int sampled, double... logits) {
    return String.valueOf(
        assertThrows(ProblemException.class, () -> two(Grid.of(logits, 3), sampled, 0))
            .getMessage());
  }

  @Test
  void samplesNameTheRowOfAnImpossibleToken() {
    String message = refused(2, 0, 0, 0, INF, 1, 2);
    assertTrue(message.contains("logits[1, 0] = -Infinity, the sampled token"), message);
    assertTrue(refused(3, 0, 0, 0, 0, 1, 2).contains("token id 3 in row 0"));
  }

  @Test
  void samplesNameLogitsThatAreNoNumbers() {
    assertTrue(refused(2, 0, Double.NaN, 0, 0, 1, 2).contains("logits[0, 1] = NaN"));
    double infinite = Double.POSITIVE_INFINITY;
    assertTrue(refused(2, 0, 0, 0, 0, 1, infinite).contains("logits[1, 2] = Infinity"));
  }
}
