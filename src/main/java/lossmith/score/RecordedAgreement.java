package lossmith.score;

import lossmith.dsl.data.Grid;

/** Whether a recorded statistic of a policy is what its logits give. */
public final class RecordedAgreement {
  /** Twice the rounding of a number written with five digits. */
  private static final double WRITTEN = 1e-5;

  /**
   * Eight float32 roundings: a log-softmax in single precision, in either usual order of its
   * operations, was off by at most two of them beside the largest logit (32,000 and 150,000
   * entries, logits up to 160).
   */
  private static final double SINGLE = 0x1p-20;

  private RecordedAgreement() {}

  /**
   * {@return whether two numbers are one but for how they were computed and written}
   *
   * @param recorded the number of the file
   * @param computed the number from the logits
   * @param largestLogit the size of the largest logit, divided by the temperature
   */
  public static boolean of(double recorded, double computed, double largestLogit) {
    double written = WRITTEN * Math.max(1, Math.abs(computed));
    return Double.isFinite(computed)
        && Math.abs(recorded - computed) <= written + SINGLE * largestLogit;
  }

  /** {@return the size of the largest finite logit of a row} */
  public static double largest(Grid logits, int row) {
    double largest = 0;
    for (int v = 0; v < logits.width(); v++) {
      double z = Math.abs(logits.get(row, v));
      largest = Double.isInfinite(z) ? largest : Math.max(largest, z);
    }
    return largest;
  }
}
