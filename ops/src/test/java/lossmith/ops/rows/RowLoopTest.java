package lossmith.ops.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Axis;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows of which fewer are taken at a time than a chunk has: the gradient is the one by hand, where
 * the blocks fill the chunk, where the last begins earlier, and where the last chunk is short.
 */
final class RowLoopTest {
  /** Of so many entries a block has eight rows. */
  private static final int WIDTH = 4096;

  private static final int TOKENS = 29;
  private static final double BONUS = 0.25;

  /** An entry that a sampler's mask has taken out. */
  private static final int MASKED = 17;

  private static Loss loss() {
    var advantage = Terms.given("advantage", Axis.TOKEN);
    return Terms.maximise(
        Terms.logProb()
            .times(advantage)
            .plus(Terms.entropy().scaledBy(BONUS))
            .mean(Over.ALL_TOKENS));
  }

  private static double[] logits(int row) {
    double[] logits = new Random(row).doubles(WIDTH, -4, 4).toArray();
    // What bfloat16 holds, so that all precisions are given the same.
    Arrays.setAll(logits, v -> Math.rint(logits[v] * 16) / 16);
    logits[MASKED] = Double.NEGATIVE_INFINITY;
    return logits;
  }

  private static int sampled(int row) {
    return 100 + 131 * row;
  }

  private static double advantage(int row) {
    return row % 2 == 0 ? 1.5 : -0.5;
  }

  /** −(A (1[v = y] − π) − b π (log π + H)) / n. */
  private static double[] byHand(int row) {
    double[] z = logits(row);
    double logSum = Math.log(Arrays.stream(z).map(Math::exp).sum());
    double[] logPi = Arrays.stream(z).map(x -> x - logSum).toArray();
    double entropy = -Arrays.stream(logPi).map(x -> Math.exp(x) == 0 ? 0 : Math.exp(x) * x).sum();
    return IntStream.range(0, WIDTH)
        .mapToDouble(
            v -> {
              double pi = Math.exp(logPi[v]);
              double policy = advantage(row) * ((v == sampled(row) ? 1 : 0) - pi);
              double bonus = pi == 0 ? 0 : BONUS * pi * (logPi[v] + entropy);
              return -(policy - bonus) / TOKENS;
            })
        .toArray();
  }

  private static Samples samples() {
    int[] rows = IntStream.range(0, TOKENS).toArray();
    return new SamplesBuilder(new int[] {TOKENS}, new int[] {0})
        .sampled(Arrays.stream(rows).map(RowLoopTest::sampled).toArray())
        .column(
            "advantage",
            Level.Name.TOKEN,
            Arrays.stream(rows).mapToDouble(RowLoopTest::advantage).toArray())
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT64, 16, 1e-13",
    "FLOAT64, 13, 1e-13",
    "FLOAT64, 9, 1e-13",
    "FLOAT64, 8, 1e-13",
    "FLOAT32, 13, 3e-5",
    "FLOAT32, 29, 3e-5",
    "BFLOAT16, 13, 4e-3"
  })
  void gradientsAreThoseByHand(Precision precision, int chunk, double relative) {
    try (FusedLoss fused =
            Compile.of(loss()).precision(precision).vocabulary(WIDTH).rows(chunk).logits();
        Matrix logits = Matrix.zeros(precision, TOKENS, WIDTH);
        Matrix gradient = Matrix.zeros(precision, TOKENS, WIDTH)) {
      for (int row = 0; row < TOKENS; row++) {
        logits.write(row, logits(row));
      }
      Evaluation unused = fused.evaluate(samples(), new Policy.Logits(logits, gradient));
      for (int row = 0; row < TOKENS; row++) {
        double[] expected = byHand(row);
        double[] found = gradient.row(row);
        for (int v = 0; v < WIDTH; v++) {
          double scale = Math.abs(expected[v]) + 1.0 / (WIDTH * TOKENS);
          assertEquals(expected[v], found[v], relative * scale, row + ", " + v);
        }
      }
    }
  }
}
