package lossmith.dsl.magnitude;

/**
 * The rule by which two computations of a number agree: |x − y| ≤ tolerance · scale, the scale
 * being the magnitude of what was added up ({@link Magnitude}) or the largest entry of the array.
 * Two infinities of one sign agree; NaN agrees with no number.
 */
public final class Difference {
  private Difference() {}

  /** {@return |x − y|; infinity where either is not a number} */
  public static double absolute(double x, double y) {
    double difference = x == y ? 0 : Math.abs(x - y);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  /** {@return |x − y| / scale; 0 where they are equal, whatever the scale} */
  public static double relative(double x, double y, double scale) {
    double difference = absolute(x, y);
    return difference == 0 ? 0 : difference / Math.max(scale, Double.MIN_NORMAL);
  }

  /** {@return whether two numbers are equal or differ by no more than is allowed} */
  public static boolean within(double x, double y, double allowed) {
    double difference = absolute(x, y);
    return difference == 0 || difference <= allowed;
  }
}
