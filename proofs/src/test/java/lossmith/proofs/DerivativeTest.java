package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.trial.RandomSamples;
import lossmith.proofs.trial.RandomTerms;
import org.junit.jupiter.api.Test;

/**
 * The derivative of random objectives against central differences, where these are an oracle, and
 * at extremes, where it stays finite.
 */
final class DerivativeTest {
  private static final double STEP = 1e-5;
  private static final Set<String> STATISTICS =
      HashSet.of(
          Columns.LOG_PROB,
          Columns.OLD_LOG_PROB,
          Columns.ENTROPY,
          Columns.REWARD,
          Columns.POSITION);

  private static final int CASES = Integer.getInteger("lossmith.cases", 200) * 10;

  @Test
  void gradientOfStatisticsIsTheCentralDifference() {
    int checked = 0;
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, false).objective());
      Samples samples = RandomSamples.of(random, 0.6);
      BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, STATISTICS);
      for (String column : HashSet.of(Columns.LOG_PROB, Columns.ENTROPY)) {
        double[] gradient = gradient(bound, samples, column);
        Held held = new Held(bound, samples);
        double[] at = samples.column(column).get();
        for (int t = 0; t < at.length; t++) {
          int token = t;
          checked +=
              agrees(
                  seed,
                  gradient[t],
                  x -> held.value(samples.with(column, Level.Name.TOKEN, moved(at, token, x))));
        }
      }
    }
    assertTrue(checked > CASES, "smooth points checked: " + checked);
  }

  @Test
  void gradientOfLogitsIsTheCentralDifference() {
    int checked = 0;
    for (long seed = 1; seed <= CASES / 4; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, true).objective());
      Samples samples = RandomSamples.of(random, 0.6);
      BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, STATISTICS.add(BoundLoss.LOGITS));
      double[] gradient = gradient(bound, samples, BoundLoss.LOGITS);
      Held held = new Held(bound, samples);
      Grid logits = samples.grid(BoundLoss.LOGITS).get();
      for (int i = 0; i < logits.rows() * logits.width(); i++) {
        int entry = i;
        checked +=
            agrees(
                seed,
                gradient.length == 0 ? 0 : gradient[i],
                x -> held.value(samples.with(BoundLoss.LOGITS, moved(logits, entry, x))));
      }
      for (int row = 0; row < logits.rows() && gradient.length > 0; row++) {
        double[] entries =
            Arrays.copyOfRange(gradient, row * logits.width(), (row + 1) * logits.width());
        double size = Arrays.stream(entries).map(Math::abs).sum();
        assertEquals(
            0,
            Arrays.stream(entries).sum(),
            1e-12 * Math.max(1, size),
            "softmax shift, seed " + seed);
      }
    }
    assertTrue(checked > CASES / 4, "smooth points checked: " + checked);
  }

  @Test
  void gradientIsFiniteAtExtremes() {
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, false).clippedSurrogate());
      Samples samples = RandomSamples.of(random, 1e4);
      BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, STATISTICS);
      assertTrue(Double.isFinite(value(bound, samples)), "value, seed " + seed);
      for (double g : gradient(bound, samples, Columns.LOG_PROB)) {
        assertTrue(Double.isFinite(g), "gradient, seed " + seed);
      }
    }
  }

  /**
   * 1 where the two one-sided differences agree, so that the central one is an oracle; then the
   * gradient must agree with it.
   */
  private static int agrees(
      long seed, double gradient, java.util.function.DoubleUnaryOperator value) {
    double ahead = (value.applyAsDouble(STEP) - value.applyAsDouble(0)) / STEP;
    double behind = (value.applyAsDouble(0) - value.applyAsDouble(-STEP)) / STEP;
    double farAhead = (value.applyAsDouble(2 * STEP) - value.applyAsDouble(STEP)) / STEP;
    double size = Math.max(1, Math.max(Math.abs(ahead), Math.abs(value.applyAsDouble(0))));
    if (Math.abs(ahead - behind) > 1e-3 * size || Math.abs(ahead - farAhead) > 1e-3 * size) {
      return 0;
    }
    assertEquals((ahead + behind) / 2, gradient, 1e-5 * size, "seed " + seed);
    return 1;
  }

  /**
   * The value with every stop-gradient constant, at its number on the given samples: what the
   * derivative is of.
   */
  private static final class Held {
    private final Node value;
    private final java.util.IdentityHashMap<Node, double[]> stopped =
        new java.util.IdentityHashMap<>();

    Held(BoundLoss bound, Samples samples) {
      value = new lossmith.dsl.HashConsing().of(bound.value());
      Reference reference = new Reference(samples, HashMap.empty());
      java.util.ArrayDeque<Node> open = new java.util.ArrayDeque<>();
      open.push(value);
      while (!open.isEmpty()) {
        Node node = open.pop();
        if (node instanceof Node.StopGradient) {
          stopped.computeIfAbsent(node, reference::of);
        } else {
          node.children().forEach(open::push);
        }
      }
    }

    double value(Samples samples) {
      Reference reference = new Reference(samples, HashMap.empty());
      stopped.forEach(reference::given);
      return reference.number(value);
    }
  }

  private static double value(BoundLoss bound, Samples samples) {
    return new Reference(samples, HashMap.empty()).number(bound.value());
  }

  private static double[] gradient(BoundLoss bound, Samples samples, String input) {
    Reference reference = new Reference(samples, HashMap.empty());
    int size =
        input.equals(BoundLoss.LOGITS) ? samples.size(Level.Name.VOCABULARY) : samples.tokens();
    return bound.gradients().get(input).map(reference::of).getOrElse(() -> new double[size]);
  }

  private static double[] moved(double[] x, int i, double by) {
    double[] y = x.clone();
    y[i] += by;
    return y;
  }

  private static Grid moved(Grid logits, int i, double by) {
    return new Grid(
        logits.rows(),
        logits.width(),
        (row, v) -> logits.get(row, v) + (row * logits.width() + v == i ? by : 0));
  }

  @Test
  void derivativeOfGrpoReadsLikeTheTextbook() {
    Node gradient =
        BoundLoss.of(RandomTerms.grpo(), Surface.STATISTICS, STATISTICS)
            .gradients()
            .get(Columns.LOG_PROB)
            .get();
    assertTrue(gradient instanceof Node.Unary, "a negated term");
    assertEquals(1, clips(gradient), "the clip stands in the condition only");
  }

  private static long clips(Node root) {
    java.util.Set<Node> clips = new java.util.HashSet<>();
    Node unused =
        new lossmith.dsl.Fold<Node>(
                new lossmith.dsl.Rebuild() {
                  @Override
                  public Node clip(Node.Clip node, Node of, Node low, Node high) {
                    clips.add(node);
                    return node;
                  }
                })
            .of(root);
    return clips.size();
  }
}
