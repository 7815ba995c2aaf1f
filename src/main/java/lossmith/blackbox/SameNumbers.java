package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;

/** Whether two losses give the same numbers, up to rounding. */
final class SameNumbers {
  /** Value and slopes of small batches, computed by two programs in another order. */
  private static final double ROUNDING = 1e-9;

  private SameNumbers() {}

  /**
   * {@return whether a loss has the slopes of another}
   *
   * @param batches the batches on which they are compared
   * @param own what the other gives for each
   * @param one the loss
   * @param value whether it has to have its value too
   */
  static boolean on(Seq<TensorBatch> batches, Seq<Answer> own, BlackBox one, boolean value) {
    return batches.zip(own).forAll(pair -> distance(one.of(pair._1), pair._2, value) <= ROUNDING);
  }

  /** The largest difference, relative to the size of the summands. */
  private static double distance(Answer left, Answer right, boolean value) {
    if (!(left instanceof Answer.Numbers a) || !(right instanceof Answer.Numbers b)) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = value ? Math.abs(a.loss() - b.loss()) : 0;
    int slots = Math.max(slots(a), slots(b));
    for (String column : List.of(Columns.LOG_PROB, Columns.ENTROPY)) {
      double[] x = a.gradient(column, slots);
      double[] y = b.gradient(column, slots);
      for (int i = 0; i < slots; i++) {
        worst = Math.max(worst, Math.abs(x[i] - y[i]));
      }
    }
    return Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst / (a.scale() + b.scale());
  }

  /** A column that is not reached has no slopes, which are 0. */
  private static int slots(Answer.Numbers numbers) {
    return numbers.gradients().values().map(g -> g.length).max().getOrElse(0);
  }
}
