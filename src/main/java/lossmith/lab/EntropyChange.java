package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Texts;
import lossmith.ops.memory.Matrix;

/**
 * How a step changes the entropy of the tokens of some responses: measured, and as the change of
 * their logits forecasts it to first order (Entropy Collapse, eq 11).
 */
final class EntropyChange {
  /** The mean change over the tokens, in nats. */
  static final String MEASURED = "lossmith/entropy_change";

  /** The same by eq 11, from the logits before and after the step. */
  static final String FORECAST = "lossmith/entropy_change_forecast";

  /** The sum over the tokens by eq 12, for a natural-gradient step of unit size. */
  static final String NATURAL = "lossmith/entropy_change_natural";

  private final Network network;
  private final Texts texts;
  private final double temperature;
  private final double[][] before;

  /**
   * What is known before a step.
   *
   * @param network the network
   * @param weights of the policy before the step
   * @param texts which are looked at
   * @param temperature of the policy
   */
  EntropyChange(Network network, NetworkWeights weights, Texts texts, double temperature) {
    this.network = network;
    this.texts = texts;
    this.temperature = temperature;
    this.before = rows(weights);
  }

  /** {@return the change, given the weights after the step} */
  Map<String, Double> after(NetworkWeights weights) {
    double[][] now = rows(weights);
    double measured = 0;
    double forecast = 0;
    for (int t = 0; t < now.length; t++) {
      double[] logPi = LogSoftmax.of(before[t], temperature);
      measured += entropy(LogSoftmax.of(now[t], temperature)) - entropy(logPi);
      forecast += forecast(logPi, before[t], now[t]) / temperature;
    }
    return LinkedHashMap.of(MEASURED, measured / now.length, FORECAST, forecast / now.length);
  }

  private double[][] rows(NetworkWeights weights) {
    try (Network.Forward forward = network.forward(weights, texts)) {
      double[][] rows = new double[texts.tokens()][];
      for (int t = 0; t < rows.length; t++) {
        rows[t] = forward.logits().row(t);
      }
      return rows;
    }
  }

  /** The entropy of a distribution that is given by its logarithms, in nats. */
  static double entropy(double[] logPi) {
    double sum = 0;
    for (double log : logPi) {
      sum -= Math.exp(log) * log;
    }
    return sum;
  }

  /** Minus the covariance of log π and what is added to the logits, over what π draws. */
  static double forecast(double[] logPi, double[] before, double[] after) {
    double entropy = entropy(logPi);
    double sum = 0;
    for (int v = 0; v < logPi.length; v++) {
      sum -= Math.exp(logPi[v]) * (logPi[v] + entropy) * (after[v] - before[v]);
    }
    return sum;
  }

  /**
   * {@return Σ_t w_t (log π_t + H_t), where w = dL/dlog π is read off dL/dz_y = w (1 − π_y) / T, as
   * it is for a loss of log π alone}
   *
   * @param logits of the policy
   * @param gradient dL/dlogits
   * @param sampled the id of each token
   * @param temperature T
   */
  static double natural(Matrix logits, Matrix gradient, int[] sampled, double temperature) {
    double sum = 0;
    for (int t = 0; t < sampled.length; t++) {
      double[] logPi = LogSoftmax.of(logits.row(t), temperature);
      double log = logPi[sampled[t]];
      double others = -Math.expm1(log);
      // Where nothing else can be drawn, a step changes nothing.
      if (others > 0) {
        double weight = temperature * gradient.row(t)[sampled[t]] / others;
        sum += weight * (log + entropy(logPi));
      }
    }
    return sum;
  }
}
