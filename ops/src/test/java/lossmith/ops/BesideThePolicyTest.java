package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

/**
 * What is trained beside the policy and enters a statistic of it, such as the temperature η of Σ_v
 * π e^(q/η), has its whole gradient at every surface: by hand, in plain loops.
 */
final class BesideThePolicyTest {
  private static final int TOKENS = 5;
  private static final int WIDTH = 4;
  private static final String ETA = "eta";
  private static final double AT = 0.7;

  private final Grid logits = grid(1);
  private final Grid q = grid(2);
  private final double[] values = new Random(3).doubles(TOKENS, -1, 1).toArray();

  private static Grid grid(long seed) {
    double[][] x = new double[TOKENS][];
    Random random = new Random(seed);
    for (int t = 0; t < TOKENS; t++) {
      x[t] = random.doubles(WIDTH, -1, 1).toArray();
    }
    return new Grid(TOKENS, WIDTH, (t, v) -> x[t][v]);
  }

  private SamplesBuilder builder() {
    return new SamplesBuilder(new int[] {2, 3}, new int[] {0, 0})
        .sampled(new int[] {0, 1, 2, 3, 0})
        .column(ETA, Level.Name.BATCH, new double[] {AT})
        .column(Columns.VALUE, Level.Name.TOKEN, values);
  }

  /** mean_t s_t², s = Σ_v π_v e^(q_v/η + value). */
  private static Loss loss() {
    Term<Level.Vocabulary> over =
        Terms.given("q", Axis.VOCABULARY_ENTRY)
            .dividedBy(Terms.trainable(ETA, Axis.BATCH).per(Axis.TOKEN).per(Axis.VOCABULARY_ENTRY))
            .plus(Terms.value().per(Axis.VOCABULARY_ENTRY));
    return Terms.minimise(Terms.expected(Terms.logPi(), over.exp()).square().mean(Over.ALL_TOKENS))
        .training(Loss.POLICY, ETA, Columns.VALUE);
  }

  private double statistic(int t, double eta, double value) {
    double total = 0;
    double sum = 0;
    for (int v = 0; v < WIDTH; v++) {
      total += Math.exp(logits.get(t, v));
      sum += Math.exp(logits.get(t, v) + q.get(t, v) / eta + value);
    }
    return sum / total;
  }

  private double byHand(double eta) {
    double sum = 0;
    for (int t = 0; t < TOKENS; t++) {
      double s = statistic(t, eta, values[t]);
      sum += s * s / TOKENS;
    }
    return sum;
  }

  private static double slope(DoubleUnaryOperator f, double x) {
    double h = 1e-5;
    return (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h);
  }

  private void check(Evaluation found) {
    assertEquals(byHand(AT), found.value(), 1e-12);
    assertEquals(slope(this::byHand, AT), found.gradients().get(ETA).get()[0], 1e-8);
    double[] ofValues = new double[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      int token = t;
      ofValues[t] = slope(x -> Math.pow(statistic(token, AT, x), 2) / TOKENS, values[t]);
    }
    assertArrayEquals(ofValues, found.gradients().get(Columns.VALUE).get(), 1e-8);
  }

  @Test
  void atLogitsOfAWholeBatch() {
    Samples samples = builder().grid(BoundLoss.LOGITS, logits).grid("q", q).build();
    check(Batches.evaluate(loss(), Surface.LOGITS, samples, Precision.FLOAT64));
  }

  @Test
  void aFewRowsAtATime() {
    try (FusedLoss loss =
            Compile.of(loss()).precision(Precision.FLOAT64).vocabulary(WIDTH).rows(2).logits();
        Matrix z = Matrix.of(Precision.FLOAT64, logits);
        Matrix of = Matrix.of(Precision.FLOAT64, q)) {
      check(loss.evaluate(builder().build(), new Policy.Logits(z, HashMap.of("q", of), z)));
    }
  }
}
