package lossmith.proofs;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.Claim;

/**
 * What a penalty is the gradient of, by exact enumeration: every entry of the vocabulary is sampled
 * in turn, twice with opposite rewards, so that a policy gradient beside the penalty cancels.
 */
final class DivergenceLaws {
  /** What an enumerated sample has; an objective that reads more has no expectation here. */
  private static final Set<String> GIVEN =
      HashSet.of(
          Columns.LOG_PI,
          Columns.REFERENCE_LOG_PI,
          Columns.REWARD,
          Columns.LOG_PROB,
          Columns.OLD_LOG_PROB,
          Columns.ROLLOUT_LOG_PROB,
          Columns.REFERENCE_LOG_PROB,
          Columns.ENTROPY);

  private DivergenceLaws() {}

  /** Whether the expectation of an objective that reads these columns can be enumerated. */
  static boolean enumerable(Set<String> columns) {
    return GIVEN.containsAll(columns);
  }

  static Law estimand(Claim.Estimates claim) {
    boolean reverse = claim.of() == Claim.Divergence.REVERSE;
    String divergence = name(claim.of());
    return new Law(
            "estimand",
            "the gradient of the penalty, averaged exactly over all tokens that could have been sampled,"
                + " is that of "
                + divergence,
            "Σ_v π(v)·∇L(v) = ∇" + divergence,
            1e-9,
            "five summands of order 1",
            (subject, trial, tolerance) ->
                trial.samples().tokens() > 0
                    ? expectation(subject, trial, claim, reverse, tolerance)
                    : List.empty())
        .on(Trial.Kind.ORDINARY);
  }

  private static String name(Claim.Divergence divergence) {
    return divergence == Claim.Divergence.REVERSE ? "KL(π ‖ π_ref)" : "KL(π_ref ‖ π)";
  }

  static Law average(Claim.Averages claim) {
    return new Law(
            "estimand-value",
            claim.symbol()
                + ", averaged exactly over all tokens that the policy of "
                + claim.sampler()
                + " could have sampled, is "
                + name(claim.of()),
            "Σ_v μ(v)·"
                + claim.symbol()
                + "(v) = "
                + name(claim.of())
                + ", μ of "
                + claim.sampler(),
            1e-9,
            "five summands of order 1",
            (subject, trial, tolerance) ->
                trial.samples().tokens() > 0
                    ? averaged(subject, trial, claim, tolerance)
                    : List.empty())
        .on(Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> averaged(
      Subject subject, Trial trial, Claim.Averages claim, double tolerance) {
    Node term = Symbols.of(subject.bound(Surface.LOGITS), claim.symbol());
    double[] z = row(trial.samples().grid(Bound.LOGITS).get());
    double[] logPi = logSoftmax(z, trial.settings().getOrElse(Columns.TEMPERATURE, 1.0));
    double[] logRho = row(trial.samples().grid(Columns.REFERENCE_LOG_PI).get());
    double[] logMu =
        claim.sampler().equals(Columns.LOG_PROB) ? logPi : elsewhere(logPi, trial.seed());
    double found = 0;
    double expected = 0;
    for (int v = 0; v < z.length; v++) {
      Samples pair = pair(v, z, logPi, logMu, logRho);
      found += Math.exp(logMu[v]) * new Reference(pair, trial.settings()).of(term)[0];
      double difference = logPi[v] - logRho[v];
      expected +=
          claim.of() == Claim.Divergence.REVERSE
              ? Math.exp(logPi[v]) * difference
              : -Math.exp(logRho[v]) * difference;
    }
    double scale = tolerance * (1 + Math.abs(expected));
    return Violation.between("E[" + claim.symbol() + "]", found, expected, scale);
  }

  /** A policy near another. */
  private static double[] elsewhere(double[] logPi, long seed) {
    Random random = new Random(seed);
    return logSoftmax(Arrays.stream(logPi).map(x -> x + random.nextGaussian()).toArray(), 1);
  }

  private static Seq<Violation> expectation(
      Subject subject, Trial trial, Claim.Estimates claim, boolean reverse, double tolerance) {
    Samples samples = trial.samples();
    int width = Trials.WIDTH;
    double temperature = trial.settings().getOrElse(Columns.TEMPERATURE, 1.0);
    double[] z = row(samples.grid(Bound.LOGITS).get());
    double[] logRho = row(samples.grid(Columns.REFERENCE_LOG_PI).get());
    double[] logPi = logSoftmax(z, temperature);
    double[] expected = new double[width];
    for (int v = 0; v < width; v++) {
      double[] g = gradient(subject, trial, z, logRho, logPi, v);
      for (int u = 0; u < width; u++) {
        expected[u] += Math.exp(logPi[v]) * (g[u] + g[width + u]);
      }
    }
    double factor =
        claim.coefficient().isEmpty() ? 1 : trial.settings().get(claim.coefficient()).get();
    double divergence = 0;
    for (int v = 0; v < width; v++) {
      divergence += Math.exp(logPi[v]) * (logPi[v] - logRho[v]);
    }
    double[] right = new double[width];
    for (int v = 0; v < width; v++) {
      double pi = Math.exp(logPi[v]);
      double slope = reverse ? pi * (logPi[v] - logRho[v] - divergence) : pi - Math.exp(logRho[v]);
      right[v] = factor * slope / temperature;
    }
    return Violation.between("E[d/dlogits]", expected, right, tolerance * (1 + factor));
  }

  private static double[] gradient(
      Subject subject, Trial trial, double[] z, double[] logRho, double[] logPi, int v) {
    Samples pair = pair(v, z, logPi, logPi, logRho);
    return new Reference(pair, trial.settings())
        .of(subject.bound(Surface.LOGITS).gradients().get(Bound.LOGITS).get());
  }

  /** One token sampled twice, with opposite rewards. */
  private static Samples pair(int v, double[] z, double[] logPi, double[] logMu, double[] logRho) {
    double entropy = -Arrays.stream(logPi).map(x -> Math.exp(x) * x).sum();
    return new SamplesBuilder(new int[] {1, 1}, new int[] {0, 0})
        .chosen(new int[] {v, v})
        .grid(Bound.LOGITS, both(z))
        .grid(Columns.REFERENCE_LOG_PI, both(logRho))
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, twice(logPi[v]))
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, twice(logMu[v]))
        .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, twice(logMu[v]))
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, twice(logRho[v]))
        .column(Columns.ENTROPY, Level.Name.TOKEN, twice(entropy))
        .build();
  }

  private static double[] twice(double x) {
    return new double[] {x, x};
  }

  private static Grid both(double[] row) {
    double[] two = Arrays.copyOf(row, 2 * row.length);
    System.arraycopy(row, 0, two, row.length, row.length);
    return Grid.of(two, row.length);
  }

  private static double[] row(Grid grid) {
    double[] first = new double[grid.width()];
    Arrays.setAll(first, v -> grid.get(0, v));
    return first;
  }

  private static double[] logSoftmax(double[] z, double temperature) {
    double most = Arrays.stream(z).max().orElse(0);
    double total = Arrays.stream(z).map(x -> Math.exp((x - most) / temperature)).sum();
    return Arrays.stream(z).map(x -> (x - most) / temperature - Math.log(total)).toArray();
  }
}
