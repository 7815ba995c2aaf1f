package lossmith.score;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Problem;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * The law R = −a·exp(H) + b between the entropy H of a policy, in nats, and its reward R (Entropy
 * Collapse, eq 3), fitted by ordinary least squares in exp(H). The intervals are those of Student's
 * t with n − 2 degrees of freedom: they assume errors that are independent, normal and of one
 * variance.
 *
 * @param a the reward that a unit of exp(H) costs
 * @param b the reward the law gives at exp(H) = 0
 * @param rSquared the share of the rewards' variance that the law explains; none where they are all
 *     equal
 * @param pairs how many pairs were fitted
 */
public record EntropyFit(Estimate a, Estimate b, Option<Double> rSquared, int pairs) {
  private static final int FEWEST = 3;

  /**
   * A coefficient with its confidence interval.
   *
   * @param value the least-squares estimate
   * @param low the lower end of the interval
   * @param high the upper end of the interval
   */
  public record Estimate(double value, double low, double high) {
    private static Estimate around(double value, double margin) {
      return new Estimate(value, value - margin, value + margin);
    }

    private boolean isFinite() {
      return Double.isFinite(low) && Double.isFinite(high);
    }
  }

  /**
   * {@return the fit}
   *
   * @param entropy H in nats, 0 or more, with exp(H) finite
   * @param reward R, finite, one per entropy
   * @param confidence how often the intervals hold the truth, in (0, 1)
   * @throws lossmith.dsl.ProblemException if there are fewer than three pairs, the entropies are
   *     all equal, or squares overflow
   */
  public static EntropyFit of(double[] entropy, double[] reward, double confidence) {
    if (entropy.length != reward.length) {
      throw new IllegalArgumentException(
          entropy.length + " entropies for " + reward.length + " rewards");
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw Problem.of("confidence", "" + confidence, "a number in (0, 1)", "0.95, for one")
          .exception();
    }
    if (entropy.length < FEWEST) {
      throw Problem.of(
              "fit", entropy.length + " pairs", "at least three", "a pair for each point measured")
          .exception();
    }
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < entropy.length; i++) {
      line.addData(Math.exp(entropy[i]), reward[i]);
    }
    if (line.getXSumSquares() == 0) {
      throw Problem.of(
              "fit",
              "the entropy " + entropy[0] + " in every pair",
              "at least two entropies",
              "pairs from different points of a run")
          .exception();
    }
    double t =
        new TDistribution(entropy.length - 2).inverseCumulativeProbability((1 + confidence) / 2);
    Estimate a = Estimate.around(-line.getSlope(), t * line.getSlopeStdErr());
    Estimate b = Estimate.around(line.getIntercept(), t * line.getInterceptStdErr());
    if (!a.isFinite() || !b.isFinite()) {
      throw Problem.of(
              "fit",
              "exp(entropy) up to "
                  + Math.exp(Arrays.stream(entropy).max().orElse(0))
                  + " and rewards up to "
                  + Arrays.stream(reward).map(Math::abs).max().orElse(0),
              "numbers whose squares can be added up",
              "entropies in nats, and rewards in a smaller unit")
          .exception();
    }
    return new EntropyFit(
        a, b, Option.when(line.getTotalSumSquares() > 0, line::getRSquare), entropy.length);
  }
}
