package lossmith.score;

import io.vavr.control.Option;
import java.util.Arrays;
import org.hipparchus.random.RandomGenerator;
import org.hipparchus.random.Well19937c;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * The law R = −a·exp(H) + b over the steps of a run, and what its first steps say of the rest.
 * Steps beside each other are alike, so the intervals are not Student's: blocks of steps are drawn
 * again and again, and each time the law is fitted anew. After the last step comes the first again
 * (circular block bootstrap, Politis and Romano 1992): the first steps, which have most of the
 * change, are drawn as often as others.
 *
 * @param fit of all steps
 * @param a the interval of a
 * @param b the interval of b
 * @param early what the first steps alone say, if they can be fitted
 */
public record RewardLaw(
    EntropyFit fit, EntropyFit.Estimate a, EntropyFit.Estimate b, Option<Early> early) {
  private static final double CONFIDENCE = 0.95;
  private static final double FIRST = 0.15;
  private static final double TAIL = 0.1;
  private static final int DRAWS = 400;
  private static final double PERCENT = 100;

  /**
   * The law of the first 15 % of the steps, held against the last tenth.
   *
   * @param steps how many were fitted
   * @param a of their fit
   * @param b of their fit
   * @param forecast the reward that it gives at the mean entropy of the last tenth
   * @param measured the mean reward there
   */
  public record Early(int steps, double a, double b, double forecast, double measured) {
    /** {@return the reward at an entropy of 0, the most there is to gain} */
    public double ceiling() {
      return b - a;
    }
  }

  /** {@return the reward at an entropy of 0, by the fit of all steps} */
  public double ceiling() {
    return fit.b().value() - fit.a().value();
  }

  /**
   * {@return the law of a run; none where its numbers cannot be fitted, as where no two entropies
   * differ}
   *
   * @param entropy of each step, in nats
   * @param reward of each step
   */
  public static Option<RewardLaw> of(double[] entropy, double[] reward) {
    return fit(entropy, reward)
        .map(
            fit -> {
              EntropyFit.Estimate[] intervals = intervals(fit, entropy, reward);
              return new RewardLaw(fit, intervals[0], intervals[1], early(entropy, reward));
            });
  }

  private static Option<EntropyFit> fit(double[] entropy, double[] reward) {
    try {
      return Option.some(EntropyFit.of(entropy, reward, CONFIDENCE));
    } catch (lossmith.dsl.ProblemException none) {
      return Option.none();
    }
  }

  private static Option<Early> early(double[] entropy, double[] reward) {
    int first = (int) Math.ceil(FIRST * entropy.length);
    int tail = (int) Math.ceil(TAIL * entropy.length);
    double later = StatUtils.mean(entropy, entropy.length - tail, tail);
    double measured = StatUtils.mean(reward, entropy.length - tail, tail);
    return fit(Arrays.copyOf(entropy, first), Arrays.copyOf(reward, first))
        .map(
            fit ->
                new Early(
                    first,
                    fit.a().value(),
                    fit.b().value(),
                    fit.b().value() - fit.a().value() * Math.exp(later),
                    measured));
  }

  private static EntropyFit.Estimate[] intervals(
      EntropyFit fit, double[] entropy, double[] reward) {
    int steps = entropy.length;
    int block = Math.max(1, (int) Math.round(Math.cbrt(steps) * 2));
    RandomGenerator random = new Well19937c(1);
    double[] a = new double[DRAWS];
    double[] b = new double[DRAWS];
    int fitted = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] h = new double[steps];
      double[] r = new double[steps];
      for (int at = 0; at < steps; at += block) {
        int from = random.nextInt(steps);
        for (int i = at; i < Math.min(at + block, steps); i++) {
          int drawn = (from + i - at) % steps;
          h[i] = entropy[drawn];
          r[i] = reward[drawn];
        }
      }
      for (EntropyFit again : fit(h, r)) {
        a[fitted] = again.a().value();
        b[fitted] = again.b().value();
        fitted++;
      }
    }
    return new EntropyFit.Estimate[] {
      interval(fit.a().value(), Arrays.copyOf(a, fitted)),
      interval(fit.b().value(), Arrays.copyOf(b, fitted))
    };
  }

  private static EntropyFit.Estimate interval(double value, double[] drawn) {
    if (drawn.length < 2) {
      return new EntropyFit.Estimate(value, Double.NaN, Double.NaN);
    }
    double outside = PERCENT * (1 - CONFIDENCE) / 2;
    return new EntropyFit.Estimate(
        value,
        new Percentile(outside).evaluate(drawn),
        new Percentile(PERCENT - outside).evaluate(drawn));
  }
}
