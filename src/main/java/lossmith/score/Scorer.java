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
  private final String device;

  /**
   * A scorer.
   *
   * @param samples the rollouts
   * @param settings parameters by name, for every objective that has them
   * @param precision the type of the numbers
   */
  public Scorer(Samples samples, Map<String, Double> settings, Precision precision) {
    this(samples, settings, precision, "CPU");
  }

  /**
   * A scorer on a device.
   *
   * @param samples the rollouts
   * @param settings parameters by name, for every objective that has them
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   */
  public Scorer(Samples samples, Map<String, Double> settings, Precision precision, String device) {
    this.device = device;
    this.precision = precision;
    this.samples = samples;
    this.settings = settings;
  }

  /** {@return the row of an objective} */
  public Score score(String name, Loss loss) {
    boolean needsLogits = needsLogits(loss);
    Option<Scoring> whole = whole(loss);
    Scoring main =
        needsLogits && whole.isDefined() ? whole.get() : scoring(loss, Surface.STATISTICS);
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
        natural(main).map(change -> Arrays.stream(change).sum()),
        whole.flatMap(this::onLogits).map(change -> Arrays.stream(change).sum()),
        main.metrics(),
        notes);
  }

  /** {@return dL/dlog π of each token, if the loss reaches it} */
  public Scoring scoring(Loss loss) {
    return scoring(loss, needsLogits(loss) ? Surface.LOGITS : Surface.STATISTICS);
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

  /**
   * {@return what a step of unit size does to the entropy of each token along the natural gradient,
   * where the loss reaches log π of the sampled token alone and entropies are given}
   *
   * @param scoring a loss on these rollouts
   */
  public Option<double[]> natural(Scoring scoring) {
    boolean alone = scoring.reached().forAll(input -> input.equals(Columns.LOG_PROB));
    return scoring
        .gradient(Columns.LOG_PROB)
        .filter(weight -> alone)
        .flatMap(
            weight ->
                samples
                    .column(Columns.ENTROPY)
                    .map(h -> Forecast.natural(weight, samples.column(Columns.LOG_PROB).get(), h)));
  }

  /**
   * {@return what a step of unit size along −dL/dlogits does to the entropy of each token, where
   * logits are given}
   *
   * @param loss the objective
   */
  public Option<double[]> onLogits(Loss loss) {
    return whole(loss).flatMap(this::onLogits);
  }

  private Option<double[]> onLogits(Scoring whole) {
    double temperature = settings.getOrElse(Columns.TEMPERATURE, 1.0);
    return whole
        .gradient(Bound.LOGITS)
        .map(g -> Forecast.onLogits(samples.grid(Bound.LOGITS).get(), g, temperature));
  }

  private Option<Scoring> whole(Loss loss) {
    return Option.when(samples.grids().contains(Bound.LOGITS), () -> scoring(loss, Surface.LOGITS));
  }

  private Scoring scoring(Loss loss, Surface surface) {
    return new Scoring(loss, surface, precision, device, samples, settings);
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElse(0);
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(y -> y * y).sum());
  }
}
