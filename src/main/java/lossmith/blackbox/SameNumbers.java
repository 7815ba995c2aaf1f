package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;

/**
 * Whether losses give the numbers of one, on some batches.
 *
 * @param batches the batches
 * @param own what that one gives for each
 */
public record SameNumbers(Seq<TensorBatch> batches, Seq<Answer> own) {
  /** How far apart the numbers of two losses may be, relative to the size of the summands. */
  public enum Agreement {
    /** Value and slopes of small batches, computed by two programs in another order. */
    EXACT(1e-9, "to the last digit"),
    /** A mean of one number with a guard of 1e-8 is off by that, a constant in float32 by 6e-8. */
    GUARDED(1e-7, "up to 1e-7, which a guard such as n + 1e-8 or a constant in float32 makes"),
    /** Sums of numbers that are off by 6e-8. */
    SINGLE(3e-6, "as far as float32 goes, in which it computes inside");

    private final double most;
    private final String words;

    Agreement(double most, String words) {
      this.most = most;
      this.words = words;
    }

    /** {@return the most by which they may differ} */
    double most() {
      return most;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  static SameNumbers of(BlackBox box, Seq<TensorBatch> batches) {
    return new SameNumbers(batches, batches.map(box::of).toVector());
  }

  /**
   * {@return whether a loss has the slopes}
   *
   * @param one the loss
   * @param value whether it has to have the value too
   * @param agreement how far apart they may be
   */
  boolean with(BlackBox one, boolean value, Agreement agreement) {
    return batches
        .iterator()
        .zip(own)
        .forAll(pair -> distance(one.of(pair._1), pair._2, value) <= agreement.most);
  }

  /** The largest difference, relative to the size of the summands. */
  private static double distance(Answer left, Answer right, boolean value) {
    if (!(left instanceof Answer.Numbers a) || !(right instanceof Answer.Numbers b)) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = value ? Math.abs(a.loss() - b.loss()) : 0;
    int slots = Math.max(slots(a), slots(b));
    for (String column : List.of(Columns.LOG_PROB, Columns.ENTROPY, Columns.VALUE)) {
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
