package lossmith.conform.rollouts;

import io.vavr.collection.Seq;
import lossmith.dsl.magnitude.Difference;

/**
 * Whether two results agree: |x − y| ≤ tolerance · scale, the scale being the sum of the magnitudes
 * of what was added up, or the largest entry of the array.
 *
 * @param figure what is compared
 * @param difference the largest |x − y| / scale; infinity where one of them is not a number, not a
 *     number where there was nothing to compare
 * @param tolerance what it may be
 */
public record Agreement(String figure, double difference, double tolerance) {
  /** {@return a figure that is expected and that nothing can be compared with} */
  static Agreement notCompared(String figure, String why) {
    return new Agreement(figure + " not compared: " + why, Double.NaN, 0);
  }

  /** {@return whether there was anything to compare} */
  public boolean isCompared() {
    return !Double.isNaN(difference);
  }

  /** {@return whether they agree; what was not compared does not} */
  public boolean holds() {
    return difference <= tolerance;
  }

  static Agreement of(String figure, double got, double expected, double scale, double tolerance) {
    return new Agreement(
        figure, relative(got, expected, Math.max(scale, Math.abs(expected))), tolerance);
  }

  static Agreement of(
      String figure, Seq<Double> got, Seq<Double> expected, double scale, double tolerance) {
    if (expected.isEmpty()) {
      return notCompared(figure, "an empty list");
    }
    double worst = got.size() == expected.size() ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(got.size(), expected.size()); i++) {
      worst = Math.max(worst, relative(got.get(i), expected.get(i), scale));
    }
    return new Agreement(figure, worst, tolerance);
  }

  private static double relative(double got, double expected, double scale) {
    double relative = Difference.relative(got, expected, scale);
    return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
  }
}
