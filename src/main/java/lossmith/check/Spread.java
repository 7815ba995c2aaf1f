package lossmith.check;

import java.util.Arrays;

/**
 * How numbers are distributed: their mean and quantiles, between order statistics linear as NumPy's
 * are.
 *
 * @param mean their mean
 * @param p50 their median
 * @param p95 95 of 100 are at most that
 * @param p99 99 of 100 are at most that
 */
record Spread(double mean, double p50, double p95, double p99) {
  /** {@return the distribution of one number or more} */
  static Spread of(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return new Spread(
        Arrays.stream(numbers).sum() / numbers.length,
        quantile(sorted, 0.5),
        quantile(sorted, 0.95),
        quantile(sorted, 0.99));
  }

  /** {@return a quantile of numbers in ascending order} */
  static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    double part = at - below;
    return part == 0 ? sorted[below] : (1 - part) * sorted[below] + part * sorted[below + 1];
  }

  RolloutFinding into(RolloutFinding finding, String name) {
    return finding
        .with(name + "_mean", mean)
        .with(name + "_p50", p50)
        .with(name + "_p95", p95)
        .with(name + "_p99", p99);
  }

  @Override
  public String toString() {
    return "mean "
        + Counted.number(mean)
        + ", p50 "
        + Counted.number(p50)
        + ", p95 "
        + Counted.number(p95)
        + ", p99 "
        + Counted.number(p99);
  }
}
