package lossmith.dsl.reference;

import lossmith.dsl.data.Grid;

/** log softmax(z / T), row by row (Entropy Collapse, eq 1). */
final class LogSoftmax {
  private LogSoftmax() {}

  static double[] of(Grid logits, double temperature) {
    double[] y = new double[logits.rows() * logits.width()];
    for (int row = 0; row < logits.rows(); row++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int v = 0; v < logits.width(); v++) {
        largest = Math.max(largest, logits.get(row, v) / temperature);
      }
      double sum = 0;
      for (int v = 0; v < logits.width(); v++) {
        sum += Math.exp(logits.get(row, v) / temperature - largest);
      }
      for (int v = 0; v < logits.width(); v++) {
        y[row * logits.width() + v] = logits.get(row, v) / temperature - largest - Math.log(sum);
      }
    }
    return y;
  }
}
