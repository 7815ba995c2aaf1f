package lossmith.conform.golden;

import lossmith.dsl.magnitude.Difference;

/**
 * How a result compares with the expected one: they agree when |got − expected| ≤ 1e-9 · scale, the
 * scale being the largest entry of the expected array, or the sum of the magnitudes of the summands
 * where that is larger.
 *
 * @param field the field that is compared, such as {@code loss} or {@code grads.log_prob}
 * @param where the entry that differs most, such as {@code [3, 1]}, or a mismatch of the whole
 *     array
 * @param got our number there
 * @param expected the other system's number there
 * @param absolute the largest |got − expected|
 * @param relative the largest |got − expected| / scale
 */
public record FieldResult(
    String field, String where, double got, double expected, double absolute, double relative) {
  /** The largest relative difference of results that agree. */
  public static final double TOLERANCE = 1e-9;

  /** {@return whether they agree} */
  public boolean holds() {
    return relative <= TOLERANCE;
  }

  public static FieldResult wrong(String field, String why) {
    return new FieldResult(
        field, why, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  public static FieldResult of(String field, NumberArray got, NumberArray expected, double added) {
    if (!got.shapedAs(expected)) {
      return wrong(field, "shape " + got.shape() + " instead of " + expected.shape());
    }
    double scale = added;
    for (int i = 0; i < expected.size(); i++) {
      if (Double.isFinite(expected.get(i))) {
        scale = Math.max(scale, Math.abs(expected.get(i)));
      }
    }
    int worst = 0;
    double most = -1;
    for (int i = 0; i < expected.size(); i++) {
      double difference = difference(got.get(i), expected.get(i));
      if (difference > most) {
        most = difference;
        worst = i;
      }
    }
    return expected.size() == 0
        ? wrong(field, "is not compared: an empty list")
        : entry(field, expected.index(worst), got.get(worst), expected.get(worst), scale);
  }

  public static FieldResult of(String field, Total got, double expected) {
    double own = Double.isFinite(expected) ? Math.abs(expected) : 0;
    double scale = Double.isFinite(got.magnitude()) ? Math.max(own, got.magnitude()) : own;
    return entry(field, "", got.value(), expected, scale);
  }

  private static FieldResult entry(
      String field, String where, double got, double expected, double scale) {
    double difference = difference(got, expected);
    double relative = difference == 0 ? 0 : Difference.relative(got, expected, scale);
    return new FieldResult(field, where, got, expected, difference, relative);
  }

  /** Another system's not-a-number is agreed with by ours. */
  private static double difference(double got, double expected) {
    return Double.isNaN(got) && Double.isNaN(expected) ? 0 : Difference.absolute(got, expected);
  }
}
