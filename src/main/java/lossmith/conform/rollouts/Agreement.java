package lossmith.conform.rollouts;

import io.vavr.collection.Seq;
import lossmith.dsl.magnitude.Difference;

/**
 * How far a recomputed result is from the recorded one: they agree where |x − y| ≤ tolerance ·
 * scale. The scale is the sum of the magnitudes of the summands, but at least the recorded number;
 * for an array it is the largest entry.
 *
 * @param figure the name of the quantity, or why nothing could be compared
 * @param difference the largest |x − y| / scale; infinity where one of them is not a number, not a
 *     number where there was nothing to compare
 * @param tolerance the largest difference allowed
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
