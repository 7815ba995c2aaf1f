package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a loss reads is decided by the loss and the samples, at every door: with a column the value
 * is that with it, without it what stands for it is said, and what is wrong is told in words.
 *
 * <p>Long because every way to hand over samples is one door, and each door is tried with each
 * fall-back.
 */
final class FallbacksTest {
  private static final int WIDTH = 3;
  private static final double[][] LOGITS = {{2, 1, 0}, {0.5, -1, 0.3}, {0, 0, 1}, {-1, 0.2, 0.9}};
  private static final int[] SAMPLED = {0, 2, 1, 2};
  private static final double[] OLD = {-0.2, -1.4, -0.9, -0.6};
  private static final double[] A = {1, -2, 0.5, 1.5};
  private static final double CLIP = 1.3;
  private static final String STANDS = "sg(log π(y_t))";

  /** A compiled loss behind a door. */
  record Opened(BiFunction<Samples, Map<String, Double>, Evaluation> run, Runnable closing)
      implements AutoCloseable {
    Evaluation evaluate(Samples samples, Map<String, Double> values) {
      return run.apply(samples, values);
    }

    Evaluation evaluate(Samples samples) {
      return evaluate(samples, HashMap.empty());
    }

    @Override
    public void close() {
      closing.run();
    }
  }

  /** The places where a loss is given samples; one compiled loss serves all samples of a test. */
  enum Door {
    STATISTICS {
      @Override
      Opened open() {
        return whole(Surface.STATISTICS);
      }
    },
    LOGITS {
      @Override
      Opened open() {
        return whole(Surface.LOGITS);
      }
    },
    ROWS {
      @Override
      Opened open() {
        FusedLoss loss =
            Compile.of(loss()).precision(Precision.FLOAT64).vocabulary(WIDTH).rows(2).logits();
        return new Opened(
            (samples, values) ->
                rows(samples, policy -> loss.evaluate(plain(samples), policy, values)),
            loss::close);
      }
    },
    HIDDEN {
      @Override
      Opened open() {
        FusedLoss loss =
            Compile.of(loss()).precision(Precision.FLOAT64).hidden(Head.of(WIDTH, WIDTH), 1 << 16);
        return new Opened(
            (samples, values) ->
                rows(samples, policy -> hidden(loss, plain(samples), policy, values)),
            loss::close);
      }
    },
    WINDOW {
      @Override
      Opened open() {
        FusedLoss loss =
            Compile.of(loss()).precision(Precision.FLOAT64).vocabulary(WIDTH).rows(2).logits();
        return new Opened(
            (samples, values) ->
                rows(samples, policy -> window(loss, plain(samples), policy, values)),
            loss::close);
      }
    };

    abstract Opened open();

    private static Opened whole(Surface surface) {
      CompiledLoss loss = CompiledLoss.of(Compile.of(loss()).precision(Precision.FLOAT64), surface);
      return new Opened(loss::evaluate, loss::close);
    }
  }

  /** The logits as hidden states, the output matrix being the identity. */
  private static Evaluation hidden(
      FusedLoss loss, Samples samples, Policy.Logits policy, Map<String, Double> values) {
    try (Matrix identity = Matrix.zeros(Precision.FLOAT64, WIDTH, WIDTH);
        Matrix across = Matrix.zeros(Precision.FLOAT64, WIDTH, WIDTH)) {
      for (int v = 0; v < WIDTH; v++) {
        double[] row = new double[WIDTH];
        row[v] = 1;
        identity.write(v, row);
      }
      Policy hidden =
          new Policy.Hidden(
              new Policy.Layer(policy.logits(), identity),
              new Policy.Layer(policy.gradient(), across));
      return loss.evaluate(samples, hidden, values);
    }
  }

  private static Evaluation window(
      FusedLoss loss, Samples samples, Policy.Logits policy, Map<String, Double> values) {
    Partial whole = Partial.of(samples, 0);
    Window window = loss.window(whole, values);
    for (int pass = 0; pass < window.passes(); pass++) {
      whole = window.read(pass, whole, whole, policy);
    }
    Window.Closed closed = window.close(whole);
    closed.gradient(samples, policy);
    return closed.evaluation();
  }

  /** −mean min(r, c) A, in which only data is weighed. */
  private static Loss loss() {
    var high = Terms.parameter("high", CLIP, 1, 2);
    var r = Terms.ratio().clip(lossmith.dsl.Clip.atMost(high));
    return Terms.maximise(r.weightedBy(Terms.given("a", Axis.TOKEN)).mean(Over.ALL_TOKENS));
  }

  private static Samples samples() {
    double[] logProb = new double[SAMPLED.length];
    for (int t = 0; t < SAMPLED.length; t++) {
      logProb[t] = LOGITS[t][SAMPLED[t]] - logMass(t);
    }
    return new SamplesBuilder(new int[] {3, 1}, new int[] {0, 0})
        .sampled(SAMPLED)
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, OLD)
        .column("a", Level.Name.TOKEN, A)
        .grid(BoundLoss.LOGITS, new Grid(4, WIDTH, (row, v) -> LOGITS[row][v]))
        .build();
  }

  /** Without the policy's statistics and grids. */
  private static Samples plain(Samples samples) {
    return samples.without(BoundLoss.LOGITS).without(Columns.LOG_PROB);
  }

  private static double logMass(int t) {
    double mass = 0;
    for (double z : LOGITS[t]) {
      mass += Math.exp(z);
    }
    return Math.log(mass);
  }

  private static Evaluation rows(Samples samples, Function<Policy.Logits, Evaluation> work) {
    try (Matrix logits = Matrix.of(Precision.FLOAT64, samples.grid(BoundLoss.LOGITS).get());
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, 4, WIDTH)) {
      Evaluation found = work.apply(new Policy.Logits(logits, gradient));
      return new Evaluation(
          found.value(),
          found.parts(),
          found.metrics(),
          found.gradients().put(BoundLoss.LOGITS, gradient.numbers()),
          found.extras(),
          found.fallbacks());
    }
  }

  /** By loops: with old log-probabilities, or on policy. */
  private static void assertRight(Evaluation found, boolean onPolicy) {
    double value = 0;
    double[] byToken = new double[4];
    double[] entries = new double[4 * WIDTH];
    for (int t = 0; t < 4; t++) {
      double logProb = LOGITS[t][SAMPLED[t]] - logMass(t);
      double ratio = onPolicy ? 1 : Math.exp(logProb - OLD[t]);
      value -= Math.min(ratio, CLIP) * A[t] / 4;
      byToken[t] = ratio > CLIP ? 0 : -ratio * A[t] / 4;
      for (int v = 0; v < WIDTH; v++) {
        double pi = Math.exp(LOGITS[t][v] - logMass(t));
        entries[t * WIDTH + v] = byToken[t] * ((v == SAMPLED[t] ? 1 : 0) - pi);
      }
    }
    assertEquals(value, found.value(), 1e-12);
    boolean logits = found.gradients().containsKey(BoundLoss.LOGITS);
    assertArrayEquals(
        logits ? entries : byToken,
        found.gradients().get(logits ? BoundLoss.LOGITS : Columns.LOG_PROB).get(),
        1e-12);
    assertEquals(
        onPolicy ? HashMap.of(Columns.OLD_LOG_PROB, STANDS) : HashMap.empty(),
        found.fallbacks().toMap(t -> t));
  }

  private static String refused(Executable work) {
    return String.valueOf(assertThrows(ProblemException.class, work).getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void theSamplesDecideWhatIsRead(Door door) {
    Samples with = samples();
    Samples without = with.without(Columns.OLD_LOG_PROB);
    try (Opened loss = door.open()) {
      assertRight(loss.evaluate(with), false);
      assertRight(loss.evaluate(without), true);
      assertRight(loss.evaluate(with), false);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotFitIsTold(Door door) {
    try (Opened loss = door.open()) {
      String missing = refused(() -> loss.evaluate(samples().without("a")));
      assertTrue(missing.contains("samples without a; expected the token column a"), missing);
      Samples coarse = samples().with("a", Level.Name.SEQUENCE, new double[2]);
      String level = refused(() -> loss.evaluate(coarse));
      assertTrue(level.contains("a with one number per sequence; expected one number"), level);
      Samples group = samples().with(Columns.OLD_LOG_PROB, Level.Name.GROUP, new double[1]);
      String old = refused(() -> loss.evaluate(group));
      assertTrue(old.contains("old_log_prob with one number per group"), old);
      String unknown = refused(() -> loss.evaluate(samples(), HashMap.of("hihg", 1.1)));
      assertTrue(unknown.contains("hihg = 1.1; expected one of high"), unknown);
      String range = refused(() -> loss.evaluate(samples(), HashMap.of("high", 9.0)));
      assertTrue(range.contains("high = 9.0; expected a number from 1.0 to 2.0"), range);
      if (door != Door.STATISTICS) {
        Map<String, Double> cold = HashMap.of(Columns.TEMPERATURE, -1.0);
        String temperature = refused(() -> loss.evaluate(samples(), cold));
        assertTrue(temperature.contains("temperature = -1.0"), temperature);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClosedLossSaysSo(Door door) {
    Opened loss = door.open();
    Evaluation unused = loss.evaluate(samples());
    loss.close();
    loss.close();
    String message = refused(() -> loss.evaluate(samples()));
    assertTrue(message.contains("after close()"), message);
  }

  @Test
  void whatWasBoundWithoutAColumnIsNotGivenIt() {
    Samples samples = samples();
    BoundLoss onPolicy =
        BoundLoss.of(loss(), Surface.STATISTICS, samples.columns().remove(Columns.OLD_LOG_PROB));
    try (CompiledLoss compiled = CompiledLoss.of(onPolicy, Precision.FLOAT64, "CPU")) {
      assertRight(compiled.evaluate(samples.without(Columns.OLD_LOG_PROB)), true);
      String message = refused(() -> compiled.evaluate(samples));
      assertTrue(message.contains("samples with old_log_prob for a loss that was bound"), message);
    }
    AutomaticGradient automatic = AutomaticGradient.of(onPolicy, Precision.FLOAT64).get();
    try (automatic) {
      String message = refused(() -> automatic.evaluate(samples));
      assertTrue(message.contains("samples with old_log_prob for a loss that was bound"), message);
      String missing = refused(() -> automatic.evaluate(samples.without("a")));
      assertTrue(missing.contains("samples without a"), missing);
    }
  }

  private static Partial piece(int from, int to, boolean old) {
    double[] a = List.range(from, to).map(t -> A[t]).toJavaStream().mapToDouble(x -> x).toArray();
    int[] sampled = java.util.Arrays.copyOfRange(SAMPLED, from, to);
    SamplesBuilder piece =
        new SamplesBuilder(new int[] {to - from}, new int[] {0})
            .ids(new long[] {from})
            .sampled(sampled)
            .column("a", Level.Name.TOKEN, a);
    return Partial.of(
        old
            ? piece
                .column(
                    Columns.OLD_LOG_PROB,
                    Level.Name.TOKEN,
                    java.util.Arrays.copyOfRange(OLD, from, to))
                .build()
            : piece.build(),
        0);
  }

  @Test
  void piecesThatDisagreeAreNamedByTheColumn() {
    String joined = refused(() -> piece(0, 3, true).and(piece(3, 4, false)));
    assertTrue(joined.contains("parts that disagree about old_log_prob"), joined);
    try (FusedLoss loss =
            Compile.of(loss()).precision(Precision.FLOAT64).vocabulary(WIDTH).rows(2).logits();
        Matrix logits = Matrix.zeros(Precision.FLOAT64, 1, WIDTH);
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, 1, WIDTH)) {
      Policy policy = new Policy.Logits(logits, gradient);
      for (boolean old : new boolean[] {true, false}) {
        Partial whole = piece(0, 3, old).and(piece(3, 4, old));
        Window window = loss.window(whole);
        Partial other = piece(3, 4, !old);
        String with = old ? "without" : "with";
        String in = " old_log_prob in a window " + (old ? "with" : "without") + " it";
        String read = refused(() -> window.read(0, whole, other, policy));
        assertTrue(read.contains("a piece " + with + in), read);
        String wholly = refused(() -> window.read(0, other, piece(3, 4, old), policy));
        assertTrue(wholly.contains("a whole " + with + in), wholly);
        String close = refused(() -> window.close(other));
        assertTrue(close.contains("a whole " + with + in), close);
      }
    }
  }

  /** Passes in their order, and none that there is not. */
  @Test
  void aWindowIsReadBeforeItIsClosed() {
    try (FusedLoss loss =
            Compile.of(loss()).precision(Precision.FLOAT64).vocabulary(WIDTH).rows(2).logits();
        Matrix logits = Matrix.zeros(Precision.FLOAT64, 1, WIDTH);
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, 1, WIDTH)) {
      Policy policy = new Policy.Logits(logits, gradient);
      Partial whole = piece(3, 4, true);
      Window window = loss.window(whole);
      String early = refused(() -> window.close(whole));
      assertTrue(early.contains("samples without log_prob"), early);
      for (int pass : new int[] {-1, window.passes()}) {
        String message = refused(() -> window.read(pass, whole, whole, policy));
        assertTrue(message.contains("read(" + pass + ", …)"), message);
      }
    }
  }

  @Test
  void sizesThatAreNoneAreRefused() {
    String sizes =
        refused(
            () ->
                Compile.of(loss())
                    .precision(Precision.FLOAT64)
                    .vocabulary(0)
                    .rows(-2)
                    .logits()
                    .close());
    assertTrue(sizes.contains("vocabulary = 0"), sizes);
    assertTrue(sizes.contains("rows = -2"), sizes);
  }

  /** A part that is dead for ever, and a loss that is: no door compiles either. */
  @Test
  void whatIsDeadIsRefusedAtEveryDoor() {
    var steps =
        Terms.select(
                Terms.logProb().above(Terms.constant(-1, Axis.TOKEN)),
                Terms.constant(1, Axis.TOKEN),
                Terms.constant(0, Axis.TOKEN))
            .mean(Over.ALL_TOKENS);
    Loss dead = Terms.maximise(steps);
    Loss part = loss().plus(Terms.minimise(steps).as("steps"));
    for (var it : LinkedHashMap.of("dead-objective", dead, "dead-part", part)) {
      for (Executable door :
          List.<Executable>of(
              () -> Compile.of(it._2).precision(Precision.FLOAT64).statistics().close(),
              () -> Compile.of(it._2).precision(Precision.FLOAT64).wholeLogits().close(),
              () ->
                  Compile.of(it._2)
                      .precision(Precision.FLOAT64)
                      .vocabulary(WIDTH)
                      .rows(2)
                      .logits()
                      .close(),
              () ->
                  Compile.of(it._2)
                      .precision(Precision.FLOAT64)
                      .hidden(Head.of(WIDTH, WIDTH), 1 << 16)
                      .close())) {
        String message = refused(door);
        assertTrue(message.startsWith(it._1), message);
      }
      // A value to be looked at is compiled as it is.
      try (CompiledLoss value =
          Compile.of(it._2.training()).precision(Precision.FLOAT64).wholeLogits()) {
        assertTrue(Double.isFinite(value.evaluate(samples()).value()));
      }
    }
  }
}
