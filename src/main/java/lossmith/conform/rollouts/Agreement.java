package lossmith.conform.rollouts;

import io.vavr.collection.Seq;
import lossmith.dsl.magnitude.Difference;

/**
 * Whether two results agree: |x − y| ≤ tolerance · scale, the scale being the sum of the magnitudes
 * of the summands, or the largest entry of the array.
 *
 * @param figure the number that is compared
 * @param difference the largest |x − y| / scale
 * @param tolerance the largest difference allowed
 */
public record Agreement(String figure, double difference, double tolerance) {
  /** {@return whether they agree; a difference that is not a number does not} */
  public boolean holds() {
    return difference <= tolerance;
  }

  static Agreement of(String figure, double got, double expected, double scale, double tolerance) {
    return new Agreement(
        figure, Difference.relative(got, expected, Math.max(scale, Math.abs(expected))), tolerance);
  }

  static Agreement of(
      String figure, Seq<Double> got, Seq<Double> expected, double scale, double tolerance) {
    double worst = got.size() == expected.size() ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(got.size(), expected.size()); i++) {
      worst = Math.max(worst, Difference.relative(got.get(i), expected.get(i), scale));
    }
    return new Agreement(figure, worst, tolerance);
  }
}
