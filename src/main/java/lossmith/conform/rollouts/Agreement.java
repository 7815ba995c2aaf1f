package lossmith.conform.rollouts;

import io.vavr.collection.Seq;
import lossmith.dsl.magnitude.Difference;

/**
 * How far a recomputed result is from the recorded one: they agree where |x − y| ≤ tolerance ·
 * scale. The scale is the sum of the magnitudes of the summands, but at least the recorded number;
 * for an array it is the largest entry.
 *
 * @param figure the name of the quantity, or why nothing could be compared
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
