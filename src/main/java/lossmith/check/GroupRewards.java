package lossmith.check;

import java.util.Arrays;

/** The rewards of some responses, in ascending order. */
final class GroupRewards {
  /** Rewards that are fewer ulps apart are equal, as for every advantage. */
  private static final double ULPS = 8;

  private static final double SINGLE = 0x1p-23;
  private static final double DOUBLE = 0x1p-52;

  private final double[] sorted;

  private GroupRewards(double[] sorted) {
    this.sorted = sorted;
  }

  static GroupRewards of(int[] responses, double[] rewards) {
    return new GroupRewards(
        Arrays.stream(responses).mapToDouble(s -> rewards[s]).sorted().toArray());
  }

  double spread() {
    return sorted[sorted.length - 1] - sorted[0];
  }

  private double largest() {
    return Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
  }

  /** {@return whether they are equal to rounding in the type in which they were recorded} */
  boolean agree() {
    boolean single = Arrays.stream(sorted).allMatch(r -> (float) r == r);
    boolean whole = Arrays.stream(sorted).allMatch(r -> Math.floor(r) == r);
    return spread() <= ULPS * largest() * (single && !whole ? SINGLE : DOUBLE);
  }

  /** {@return whether they differ, but by no more than single precision may be off} */
  boolean differByRounding() {
    return !agree() && spread() <= ULPS * largest() * SINGLE;
  }

  /** {@return whether Σ (r − mean)² is no finite number} */
  boolean overflowDouble() {
    return !Double.isFinite(squares());
  }

  /** {@return whether Σ (r − mean)² is a finite number, but none in single precision} */
  boolean overflowSingle() {
    double squares = squares();
    return Double.isFinite(squares) && Float.isInfinite((float) squares);
  }

  private double squares() {
    double mean = Arrays.stream(sorted).sum() / sorted.length;
    double sum = 0;
    for (double r : sorted) {
      sum += (r - mean) * (r - mean);
    }
    return sum;
  }

  /**
   * {@return whether two rewards that differ become one beside the largest difference, in single
   * precision}
   */
  boolean losesDifferences() {
    double lost = spread() * SINGLE / 2;
    for (int i = 1; i < sorted.length; i++) {
      double gap = sorted[i] - sorted[i - 1];
      double size = Math.max(Math.abs(sorted[i]), Math.abs(sorted[i - 1]));
      if (gap <= lost && gap > ULPS * size * SINGLE) {
        return true;
      }
    }
    return false;
  }
}
