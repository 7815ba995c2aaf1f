package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Precision;

/** Scores objectives on one set of rollouts. */
public final class Scorer {
  private final Samples samples;
  private final Map<String, Double> settings;
  private final Precision precision;

  /**
   * A scorer.
   *
   * @param samples the rollouts
   * @param settings parameters by name, for every objective that has them
   * @param precision the type of the numbers
   */
  public Scorer(Samples samples, Map<String, Double> settings, Precision precision) {
    this.precision = precision;
    this.samples = samples;
    this.settings = settings;
  }

  /** {@return the row of an objective} */
  public Score score(String name, Loss loss) {
    boolean logits = samples.grids().contains(Bound.LOGITS);
    boolean needsLogits = needsLogits(loss);
    Option<Scoring> whole =
        Option.when(logits, () -> new Scoring(loss, Surface.LOGITS, precision, samples, settings));
    Scoring main =
        needsLogits && whole.isDefined()
            ? whole.get()
            : new Scoring(loss, Surface.STATISTICS, precision, samples, settings);
    Option<double[]> weight = main.gradient(Columns.LOG_PROB);
    Option<double[]> entropy = samples.column(Columns.ENTROPY);
    Map<String, String> notes = LinkedHashMap.empty();
    boolean onlyChosen =
        weight.isDefined() && main.reached().forAll(input -> input.equals(Columns.LOG_PROB));
    if (weight.isEmpty()) {
      notes =
          notes.put(
              "gradient", "the gradient does not pass through log π of the sampled token alone");
    }
    if (entropy.isEmpty()) {
      notes = notes.put("entropy", "the file has no column entropy");
    }
    if (entropy.isDefined() && !onlyChosen) {
      notes =
          notes.put(
              "forecast",
              "the gradient also reaches other statistics than log π of the sampled token");
    }
    if (whole.isEmpty()) {
      notes = notes.put("forecast on logits", "needs --logits");
    }
    return new Score(
        name,
        main.value(),
        main.below().map(Scorer::mean),
        main.above().map(Scorer::mean),
        kl(),
        weight.map(Scorer::norm),
        weight.map(w -> Arrays.stream(w).filter(x -> x == 0).count() / (double) w.length),
        entropy.map(Scorer::mean),
        onlyChosen ? entropy.map(h -> natural(weight.get(), h)) : Option.none(),
        whole.flatMap(scoring -> scoring.gradient(Bound.LOGITS)).map(this::onLogits),
        main.metrics(),
        notes);
  }

  /** {@return dL/dlog π of each token, if the loss reaches it} */
  public Scoring scoring(Loss loss) {
    return new Scoring(
        loss,
        needsLogits(loss) ? Surface.LOGITS : Surface.STATISTICS,
        precision,
        samples,
        settings);
  }

  /**
   * A loss whose statistics are not all columns is evaluated from the logits, where there are some.
   */
  private boolean needsLogits(Loss loss) {
    try {
      Bound bound = Bound.of(loss, Surface.STATISTICS, samples.columns().addAll(samples.grids()));
      return bound.parts().isEmpty();
    } catch (lossmith.dsl.ProblemException e) {
      if (!samples.grids().contains(Bound.LOGITS)) {
        throw e;
      }
      return true;
    }
  }

  private double kl() {
    double[] now = samples.column(Columns.LOG_PROB).get();
    double[] old = samples.column(Columns.OLD_LOG_PROB).getOrElse(now);
    double sum = 0;
    for (int t = 0; t < now.length; t++) {
      sum += old[t] - now[t];
    }
    return sum / now.length;
  }

  private double natural(double[] weight, double[] entropy) {
    double[] logProb = samples.column(Columns.LOG_PROB).get();
    double sum = 0;
    for (int t = 0; t < weight.length; t++) {
      sum += weight[t] * (logProb[t] + entropy[t]);
    }
    return sum;
  }

  /** Σ_v −π_v (log π_v + H) · (−dL/dz_v), summed over tokens (Entropy Collapse, eq 11). */
  private double onLogits(double[] gradient) {
    var grid = samples.grid(Bound.LOGITS).get();
    double temperature = settings.getOrElse(Columns.TEMPERATURE, 1.0);
    double change = 0;
    for (int t = 0; t < grid.rows(); t++) {
      double[] logPi = LogSoftmax.of(grid, t, temperature);
      double entropy = LogSoftmax.entropy(logPi);
      for (int v = 0; v < logPi.length; v++) {
        double pi = Math.exp(logPi[v]);
        if (pi > 0) {
          change += pi * (logPi[v] + entropy) * gradient[t * grid.width() + v] / temperature;
        }
      }
    }
    return change;
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElse(0);
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(y -> y * y).sum());
  }
}
