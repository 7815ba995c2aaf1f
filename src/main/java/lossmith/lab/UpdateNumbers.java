package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.ops.Evaluation;

/** What the updates of a step found, as means over them, and how long they took. */
final class UpdateNumbers {
  private static final double SECOND = 1e9;

  private Map<String, Double> sums = LinkedHashMap.empty();
  private int updates;
  private double norms;
  private double apart;
  private long network;
  private long loss;

  /** {@return the mean of numbers} */
  static double mean(double[] numbers) {
    return Arrays.stream(numbers).sum() / numbers.length;
  }

  /**
   * Takes what an update found.
   *
   * @param found the loss
   * @param norm of dL/dweights
   * @param kl the mean of log π_old − log π
   * @param divergence the mean of log π_old − log π_ref, where there is a reference
   */
  void add(Evaluation found, double norm, double kl, Option<Double> divergence) {
    updates++;
    norms += norm;
    apart += divergence.getOrElse(0.0);
    add("actor/pg_loss", found.value());
    add("actor/grad_norm", norm);
    add("actor/ppo_kl", kl);
    divergence.forEach(kept -> add("actor/ref_kl", kept));
    Option<Double> low = found.metrics().get("clip_fraction_low");
    Option<Double> high = found.metrics().get("clip_fraction_high");
    if (low.isDefined() || high.isDefined()) {
      add("actor/pg_clipfrac", low.getOrElse(0.0) + high.getOrElse(0.0));
    }
    found.parts().forEach((name, value) -> add("lossmith/part/" + name, value));
    found.metrics().forEach((name, value) -> add("lossmith/" + name, value));
  }

  /** Takes one more number of an update. */
  void add(String name, double value) {
    sums = sums.put(name, value, Double::sum);
  }

  /** Takes how long an update took, in nanoseconds. */
  void took(long ofNetwork, long ofLoss) {
    network += ofNetwork;
    loss += ofLoss;
  }

  /** Whether no update had a gradient. */
  boolean isWithoutGradient() {
    return norms == 0;
  }

  /** The mean divergence from the reference; 0 without one, or without an update. */
  double divergence() {
    return updates == 0 ? 0 : apart / updates;
  }

  Map<String, Double> means() {
    return sums.mapValues(sum -> sum / updates);
  }

  double networkSeconds() {
    return network / SECOND;
  }

  double lossSeconds() {
    return loss / SECOND;
  }
}
