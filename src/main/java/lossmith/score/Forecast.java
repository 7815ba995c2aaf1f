package lossmith.score;

import java.util.Arrays;
import lossmith.dsl.data.Grid;
import lossmith.dsl.reference.LogSoftmax;

/**
 * By how much a gradient step of unit size changes the entropy of each token, to first order, in
 * nats per unit of step (Entropy Collapse, eqs 10 to 12). Negative means that it collapses.
 */
public final class Forecast {
  private Forecast() {}

  /**
   * {@return eq 12, the step along the natural gradient: ΔH_t = w_t (log π_t + H_t), w = dL/dlog π;
   * its expectation is minus the covariance of log π and the advantage}
   *
   * @param weight dL/dlog π of each sampled token
   * @param logProb log π of each sampled token
   * @param entropy H of each token
   */
  public static double[] natural(double[] weight, double[] logProb, double[] entropy) {
    double[] change = new double[weight.length];
    Arrays.setAll(change, t -> weight[t] * (logProb[t] + entropy[t]));
    return change;
  }

  /**
   * {@return eq 11, the step of the logits along −dL/dz: ΔH_t = Σ_v (π_v (log π_v + H) / T)
   * dL/dz_v, where eq 10 gives dL/dz_v = w (1[v = y] − π_v) / T for a loss of log π alone}
   *
   * @param logits the logits, a row per token
   * @param gradient dL/dz, a row per token
   * @param temperature T
   */
  public static double[] onLogits(Grid logits, double[] gradient, double temperature) {
    double[] change = new double[logits.rows()];
    for (int t = 0; t < change.length; t++) {
      double[] logPi = LogSoftmax.of(logits, t, temperature);
      double entropy = LogSoftmax.entropy(logPi);
      for (int v = 0; v < logPi.length; v++) {
        double pi = Math.exp(logPi[v]);
        if (pi > 0) {
          change[t] += pi * (logPi[v] + entropy) * gradient[t * logits.width() + v] / temperature;
        }
      }
    }
    return change;
  }
}
