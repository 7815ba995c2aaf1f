package lossmith.score;

import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/** The interval of a mean by Student's t: of numbers that are independent and normal. */
public final class StudentInterval {
  private static final double CONFIDENCE = 0.95;

  private StudentInterval() {}

  /**
   * {@return half of the 95 % interval of the mean, t(n − 1)·s / √n; NaN for fewer than two
   * numbers}
   *
   * @param numbers whose mean it is
   */
  public static double margin(StreamingStatistics numbers) {
    return numbers.getN() < 2
        ? Double.NaN
        : new TDistribution(numbers.getN() - 1.0).inverseCumulativeProbability((1 + CONFIDENCE) / 2)
            * numbers.getStandardDeviation()
            / Math.sqrt((double) numbers.getN());
  }
}
