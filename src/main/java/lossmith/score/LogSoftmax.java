package lossmith.score;

import lossmith.dsl.data.Grid;

/** log π of one token from its logits. */
final class LogSoftmax {
  private LogSoftmax() {}

  static double[] of(Grid logits, int row, double temperature) {
    double[] z = new double[logits.width()];
    double top = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < z.length; v++) {
      z[v] = logits.get(row, v) / temperature;
      top = Math.max(top, z[v]);
    }
    double sum = 0;
    for (double x : z) {
      sum += Math.exp(x - top);
    }
    double log = top + Math.log(sum);
    for (int v = 0; v < z.length; v++) {
      z[v] -= log;
    }
    return z;
  }

  static double entropy(double[] logPi) {
    double entropy = 0;
    for (double x : logPi) {
      if (x > Double.NEGATIVE_INFINITY) {
        entropy -= Math.exp(x) * x;
      }
    }
    return entropy;
  }
}
