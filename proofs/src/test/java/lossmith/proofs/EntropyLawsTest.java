package lossmith.proofs;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.maximise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What a step does to the entropy (Entropy Collapse, eqs 10 to 12 and section 4), by exact sums
 * over a small vocabulary. H and its gradient are the term's; the steps are made here.
 */
final class EntropyLawsTest {
  private static final int V = 6;
  private static final Bound BOUND =
      Bound.of(maximise(entropy().mean(ALL_TOKENS)), Surface.LOGITS, HashSet.of(Bound.LOGITS));

  private static Reference at(double[] z, double temperature) {
    Samples one =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .chosen(new int[] {0})
            .grid(Bound.LOGITS, Grid.of(z, z.length))
            .build();
    return new Reference(one, HashMap.of(Columns.TEMPERATURE, temperature));
  }

  private static double h(double[] z) {
    return -at(z, 1).number(BOUND.value());
  }

  private static double[] pi(double[] z, double temperature) {
    double most = Arrays.stream(z).max().orElse(0);
    double[] e = Arrays.stream(z).map(x -> Math.exp((x - most) / temperature)).toArray();
    double total = Arrays.stream(e).sum();
    return Arrays.stream(e).map(x -> x / total).toArray();
  }

  private static double[] logits(Random random) {
    return random.doubles(V, -2, 2).toArray();
  }

  private static double[] moved(double[] z, double[] direction, double step) {
    double[] to = new double[z.length];
    Arrays.setAll(to, v -> z[v] + step * direction[v]);
    return to;
  }

  /** Cov_π(log π, x) over the vocabulary. */
  private static double covariance(double[] pi, double[] x) {
    double both = 0;
    double log = 0;
    double mean = 0;
    for (int v = 0; v < pi.length; v++) {
      both += pi[v] * Math.log(pi[v]) * x[v];
      log += pi[v] * Math.log(pi[v]);
      mean += pi[v] * x[v];
    }
    return both - log * mean;
  }

  @Property
  void gradientOfEntropyHasAClosedForm(@ForAll long seed) {
    Random random = new Random(seed);
    double[] z = logits(random);
    double temperature = 0.5 + random.nextDouble();
    double[] pi = pi(z, temperature);
    double entropy = -Arrays.stream(pi).map(p -> p * Math.log(p)).sum();
    double[] expected = new double[V];
    Arrays.setAll(expected, v -> pi[v] * (Math.log(pi[v]) + entropy) / temperature);
    double[] found = at(z, temperature).of(BOUND.gradients().get(Bound.LOGITS).get());
    assertArrayEquals(expected, found, 1e-13);
  }

  /** eq 11: ΔH = −Cov_π(log π, Δz) + O(‖Δz‖²), the order of the remainder measured. */
  @Property
  void stepOfTheLogitsChangesEntropyByTheCovariance(@ForAll long seed) {
    Random random = new Random(seed);
    double[] z = logits(random);
    double[] direction = random.doubles(V, -1, 1).toArray();
    double slope = -covariance(pi(z, 1), direction);
    double far = h(moved(z, direction, 1e-2)) - h(z) - 1e-2 * slope;
    double near = h(moved(z, direction, 5e-3)) - h(z) - 5e-3 * slope;
    assertTrue(Math.abs(far) < 1e-3, "remainder " + far);
    if (Math.abs(near) > 1e-7) {
      assertEquals(4, far / near, 0.5, "the remainder is of second order");
    }
  }

  /** eq 12: the natural gradient of Σ π·A is a step of the logits by A itself. */
  @Property
  void naturalGradientStepsByTheAdvantage(@ForAll long seed) {
    Random random = new Random(seed);
    double[] z = logits(random);
    double[] a = random.doubles(V, -1, 1).toArray();
    double[] pi = pi(z, 1);
    double mean = 0;
    for (int v = 0; v < V; v++) {
      mean += pi[v] * a[v];
    }
    double[] fisherTimesA = new double[V];
    double[] gradient = new double[V];
    for (int v = 0; v < V; v++) {
      fisherTimesA[v] = pi[v] * a[v] - pi[v] * mean;
      gradient[v] = pi[v] * (a[v] - mean);
    }
    assertArrayEquals(gradient, fisherTimesA, 1e-15);
    double eta = 1e-4;
    double change = h(moved(z, a, eta)) - h(z);
    assertEquals(-eta * covariance(pi, a), change, 10 * eta * eta);
  }

  /** Section 4 under its condition: the sign is that of the covariance, wherever that is not 0. */
  @Property
  void signOfTheChangeIsThatOfTheCovariance(@ForAll long seed) {
    Random random = new Random(seed);
    double[] z = logits(random);
    int y = random.nextInt(V);
    double reward = random.nextBoolean() ? 1 : -1;
    double[] pi = pi(z, 1);
    double[] step = new double[V];
    Arrays.setAll(step, v -> reward * ((v == y ? 1 : 0) - pi[v]));
    double slope = -covariance(pi, step);
    double change = h(moved(z, step, 1e-4)) - h(z);
    if (Math.abs(slope) > 1e-2) {
      assertEquals(Math.signum(slope), Math.signum(change));
    }
  }

  @Example
  void negativeSampleOfTheDominantTokenRaisesEntropy() {
    double[] z = {Math.log(0.1), Math.log(0.8), Math.log(0.1)};
    double[] pi = pi(z, 1);
    double[] step = {pi[0], pi[1] - 1, pi[2]};
    assertTrue(h(moved(z, step, 1e-2)) > h(z));
  }

  /** Not always: a negative sample of a rare token lowers entropy, and a third token loses mass. */
  @Example
  void negativeSampleOfARareTokenLowersIt() {
    double[] z = {Math.log(0.01), Math.log(0.98), Math.log(0.01)};
    double[] pi = pi(z, 1);
    double[] step = {pi[0] - 1, pi[1], pi[2]};
    double[] after = moved(z, step, 1e-2);
    assertTrue(h(after) < h(z));
    assertTrue(pi(after, 1)[2] < pi[2]);
  }
}
