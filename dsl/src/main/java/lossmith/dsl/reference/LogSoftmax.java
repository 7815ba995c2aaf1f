package lossmith.dsl.reference;

import lossmith.dsl.data.Grid;

/**
 * The policy's log-probs of a row of logits: log π_v = z_v/T − log Σ_u exp(z_u/T), in nats (Entropy
 * Collapse, eq 1). The largest logit is subtracted first, so that no exponential overflows.
 */
public final class LogSoftmax {
  private LogSoftmax() {}

  /**
   * {@return log π of one row}
   *
   * @param logits the row, one number for each token of the vocabulary
   * @param temperature T, above 0
   */
  public static double[] of(double[] logits, double temperature) {
    double[] logPi = new double[logits.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < logits.length; v++) {
      logPi[v] = logits[v] / temperature;
      largest = Math.max(largest, logPi[v]);
    }
    double sum = 0;
    for (double z : logPi) {
      sum += Math.exp(z - largest);
    }
    double log = Math.log(sum);
    for (int v = 0; v < logPi.length; v++) {
      logPi[v] = logPi[v] - largest - log;
    }
    return logPi;
  }

  /**
   * {@return log π of one row of a grid}
   *
   * @param logits the grid, a row for each token of the batch
   * @param row which row
   * @param temperature T, above 0
   */
  public static double[] of(Grid logits, int row, double temperature) {
    double[] z = new double[logits.width()];
    for (int v = 0; v < z.length; v++) {
      z[v] = logits.get(row, v);
    }
    return of(z, temperature);
  }

  /** All rows of a grid, one after another. */
  static double[] of(Grid logits, double temperature) {
    double[] all = new double[logits.rows() * logits.width()];
    for (int row = 0; row < logits.rows(); row++) {
      double[] logPi = of(logits, row, temperature);
      System.arraycopy(logPi, 0, all, row * logits.width(), logPi.length);
    }
    return all;
  }

  /**
   * {@return the entropy of a row, H = −Σ_v π_v log π_v, in nats; a token that cannot be sampled
   * adds 0}
   *
   * @param logPi log π of the row
   */
  public static double entropy(double[] logPi) {
    double entropy = 0;
    for (double x : logPi) {
      if (x > Double.NEGATIVE_INFINITY) {
        entropy -= Math.exp(x) * x;
      }
    }
    return entropy;
  }
}
