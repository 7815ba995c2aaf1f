package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * k3 = e^d − d − 1, d = log π_ref − log π, at every surface: within the saturation its slope by log
 * π is 1 − e^d, which is negative where the policy is below the reference; beyond it is 0 on both
 * sides.
 */
final class SaturationTest {
  private static final int WIDTH = 3;
  private static final int SAMPLED = 1;

  /** Of each token the logit of the sampled entry; the others are 0. */
  private static final double[] LOGIT = {-4, -4, -1500, 5, 0};

  /** What each token's d is. */
  private static final double[] D = {3, -3, 1400, -1200, 0.25};

  private static final boolean[] BEYOND = {false, false, true, true, false};

  private static Loss k3() {
    return Terms.minimise(
        Terms.referenceLogProb().minus(Terms.logProb()).expRemainder().mean(Over.ALL_TOKENS));
  }

  private static double[] row(int t) {
    double[] row = new double[WIDTH];
    row[SAMPLED] = LOGIT[t];
    return row;
  }

  private static double[] pi(int t) {
    double mass = Math.exp(LOGIT[t]) + WIDTH - 1;
    double[] pi = new double[WIDTH];
    Arrays.fill(pi, 1 / mass);
    pi[SAMPLED] = Math.exp(LOGIT[t]) / mass;
    return pi;
  }

  private static double logPi(int t) {
    return LOGIT[t] - Math.log(Math.exp(LOGIT[t]) + WIDTH - 1);
  }

  /** dL/dlog π of each token. */
  private static double[] slopes() {
    double[] slopes = new double[D.length];
    Arrays.setAll(slopes, t -> BEYOND[t] ? 0 : (1 - Math.exp(D[t])) / D.length);
    return slopes;
  }

  private static double[] logitSlopes(int t) {
    double[] slopes = pi(t);
    double slope = slopes()[t];
    for (int v = 0; v < WIDTH; v++) {
      slopes[v] = slope * ((v == SAMPLED ? 1 : 0) - slopes[v]);
    }
    return slopes;
  }

  private static SamplesBuilder samples() {
    double[] reference = new double[D.length];
    Arrays.setAll(reference, t -> logPi(t) + D[t]);
    int[] sampled = new int[D.length];
    Arrays.fill(sampled, SAMPLED);
    return new SamplesBuilder(new int[] {D.length}, new int[] {0})
        .sampled(sampled)
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, reference);
  }

  /** Log-probabilities around −1500 have that many digits. */
  private static double close(Precision precision) {
    return precision == Precision.FLOAT64 ? 1e-12 : 2e-5;
  }

  private static void counted(Evaluation found) {
    assertEquals(2, found.metrics().get(Evaluation.SATURATED).get());
  }

  /** The value is that of d held at ±S: too large for a mean of numbers that mean something. */
  private static void held(Precision precision, Evaluation found) {
    double s = precision.saturation();
    double expected = (Math.exp(s) - s - 1) / D.length;
    assertEquals(1, found.value() / expected, 1e-6);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void statistics(Precision precision) {
    double[] logProb = new double[D.length];
    Arrays.setAll(logProb, SaturationTest::logPi);
    Samples given = samples().column(Columns.LOG_PROB, Level.Name.TOKEN, logProb).build();
    Evaluation found = Batches.evaluate(k3(), Surface.STATISTICS, given, precision);
    assertArrayEquals(slopes(), found.gradients().get(Columns.LOG_PROB).get(), close(precision));
    held(precision, found);
    counted(found);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void wholeLogits(Precision precision) {
    double[] logits = new double[D.length * WIDTH];
    for (int t = 0; t < D.length; t++) {
      System.arraycopy(row(t), 0, logits, t * WIDTH, WIDTH);
    }
    Samples given = samples().grid(BoundLoss.LOGITS, Grid.of(logits, WIDTH)).build();
    Evaluation found = Batches.evaluate(k3(), Surface.LOGITS, given, precision);
    double[] gradient = found.gradients().get(BoundLoss.LOGITS).get();
    for (int t = 0; t < D.length; t++) {
      double[] own = Arrays.copyOfRange(gradient, t * WIDTH, (t + 1) * WIDTH);
      assertArrayEquals(logitSlopes(t), own, close(precision));
    }
    held(precision, found);
    counted(found);
  }

  /** In chunks, and whole in one. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 2", "FLOAT64, 2", "FLOAT32, 64", "FLOAT64, 64"})
  void rowsOfLogits(Precision precision, int rows) {
    Samples given = samples().build();
    try (FusedLoss loss =
            Compile.of(k3()).precision(precision).vocabulary(WIDTH).rows(rows).logits();
        Matrix logits = Matrix.zeros(precision, D.length, WIDTH);
        Matrix gradient = Matrix.zeros(precision, D.length, WIDTH)) {
      for (int t = 0; t < D.length; t++) {
        logits.write(t, row(t));
      }
      Evaluation found = loss.evaluate(given, new Policy.Logits(logits, gradient));
      for (int t = 0; t < D.length; t++) {
        assertArrayEquals(logitSlopes(t), gradient.row(t), close(precision));
      }
      held(precision, found);
      counted(found);
    }
  }

  /** Token t has the hidden state e_t, so that its logits are column t of the weight. */
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "FLOAT64"})
  void hiddenStates(Precision precision) {
    Samples given = samples().build();
    int tokens = D.length;
    Policy.Layer layer =
        new Policy.Layer(
            Matrix.zeros(precision, tokens, tokens), Matrix.zeros(precision, WIDTH, tokens));
    Policy.Layer gradient =
        new Policy.Layer(
            Matrix.zeros(precision, tokens, tokens), Matrix.zeros(precision, WIDTH, tokens));
    for (int t = 0; t < tokens; t++) {
      double[] state = new double[tokens];
      state[t] = 1;
      layer.hidden().write(t, state);
    }
    layer.weight().write(SAMPLED, LOGIT);
    Head head = Head.of(WIDTH, tokens);
    try (FusedLoss loss = Compile.of(k3()).precision(precision).hidden(head, 200_000)) {
      Evaluation found = loss.evaluate(given, new Policy.Hidden(layer, gradient));
      for (int t = 0; t < tokens; t++) {
        double[] slopes = logitSlopes(t);
        double[] own = new double[WIDTH];
        for (int v = 0; v < WIDTH; v++) {
          own[v] = gradient.weight().row(v)[t];
        }
        assertArrayEquals(slopes, own, close(precision));
        double[] state = new double[tokens];
        Arrays.setAll(state, u -> slopes[SAMPLED] * LOGIT[u]);
        assertArrayEquals(state, gradient.hidden().row(t), 1500 * close(precision));
      }
      held(precision, found);
      counted(found);
    } finally {
      close(layer);
      close(gradient);
    }
  }

  private static void close(Policy.Layer layer) {
    layer.hidden().close();
    layer.weight().close();
  }

  /** x²/2 + x³/6 + …, in as many digits as it takes. */
  private static double remainder(double x) {
    BigDecimal exact = new BigDecimal(x);
    BigDecimal term = exact;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 2; k < 200; k++) {
      term = term.multiply(exact).divide(BigDecimal.valueOf(k), new MathContext(60));
      sum = sum.add(term);
    }
    return sum.doubleValue();
  }

  /** 5.0e-13 at 1e-6 and 5.0017e-7 at 1e-3: what e^d − d − 1 loses to rounding. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void noDigitIsLostNearZero(Precision precision) {
    double[] x = {1e-6, 1e-3, -1e-3, 0.1, 0.4999, 0.5001, -0.4999, -0.5001, 2, -7, 1e-12, 0};
    boolean wide = precision == Precision.FLOAT64;
    double[] given = Arrays.stream(x).map(a -> wide ? a : (float) a).toArray();
    Samples samples =
        new SamplesBuilder(new int[] {x.length}, new int[] {0})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[x.length])
            .column("x", Level.Name.TOKEN, given)
            .build();
    double[] found = Batches.run(Terms.given("x", Axis.TOKEN).expRemainder(), samples, precision);
    for (int i = 0; i < x.length; i++) {
      double expected = remainder(given[i]);
      assertEquals(expected, found[i], (wide ? 2e-15 : 1e-6) * expected, "at " + x[i]);
    }
  }

  /** A token whose exponents are beyond at two places counts once, a response's for its tokens. */
  @Test
  void aTokenCountsOnce() {
    Samples samples =
        new SamplesBuilder(new int[] {2, 3}, new int[] {0, 0})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1000, -1, -1, -2, -3})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1, -1, -900, -2, -3})
            .build();
    Loss token =
        Terms.minimise(Terms.ratio().mean(Over.ALL_TOKENS))
            .plus(Terms.minimise(Terms.ratio().square().mean(Over.ALL_TOKENS)).as("square"))
            .log("ratio", Terms.ratio().stopGradient().scaledBy(2).mean(Over.ALL_TOKENS));
    assertEquals(2, saturated(token, samples));
    var mean = Terms.logProb().minus(Terms.oldLogProb()).sum(Over.TOKENS);
    Loss sequence = Terms.minimise(mean.exp().mean(Over.ALL_SEQUENCES));
    assertEquals(5, saturated(sequence, samples));
    Loss none = Terms.minimise(Terms.logProb().mean(Over.ALL_TOKENS));
    assertEquals(0, saturated(none, samples));
  }

  private static double saturated(Loss loss, Samples samples) {
    return Batches.evaluate(loss, Surface.STATISTICS, samples, Precision.FLOAT64)
        .metrics()
        .get(Evaluation.SATURATED)
        .get();
  }
}
