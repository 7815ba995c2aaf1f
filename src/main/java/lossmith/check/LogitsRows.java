package lossmith.check;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.data.Grid;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.score.RecordedAgreement;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.univariate.BrentOptimizer;
import org.hipparchus.optim.univariate.SearchInterval;
import org.hipparchus.optim.univariate.UnivariateObjectiveFunction;

/** The logits of rollouts, row by row, and the sampled tokens. */
final class LogitsRows {
  private static final int ENOUGH = 3;
  private static final double MOST = 0.9;

  /** Temperatures that are tried, as powers of ten, and how many. */
  private static final double LOWEST = -1.5;

  private static final double HIGHEST = 1.5;
  private static final int TRIED = 61;
  private static final int EVALUATIONS = 200;
  private static final double PRECISE = 1e-10;

  /** Logits that are read for one temperature. */
  private static final int READ = 5_000_000;

  private static final int FEWEST = 16;

  private final Recorded recorded;
  private final Grid logits;
  private final int[] sampled;

  LogitsRows(Recorded recorded, Grid logits, int[] sampled) {
    this.recorded = recorded;
    this.logits = logits;
    this.sampled = sampled;
  }

  /** Tokens with a possible log-prob whose row, so many rows on, is one of their response. */
  int[] usable(double[] x, int shift) {
    return recorded.where(
        t ->
            Recorded.possible(x[t])
                && t + shift >= 0
                && t + shift < sampled.length
                && recorded.response(t + shift) == recorded.response(t)
                && recorded.slot(t + shift) == recorded.slot(t) + shift);
  }

  double[] logProbs(int[] tokens, int shift, double temperature) {
    return Arrays.stream(tokens)
        .parallel()
        .mapToDouble(t -> LogSoftmax.of(logits, t + shift, temperature)[sampled[t]])
        .toArray();
  }

  boolean agree(int token, double recordedAs, double computed, double temperature) {
    return RecordedAgreement.of(
        recordedAs, computed, RecordedAgreement.largest(logits, token) / temperature);
  }

  double distance(int[] tokens, double[] x, int shift, double temperature) {
    return nine(differences(tokens, x, shift, temperature));
  }

  private double[] differences(int[] tokens, double[] x, int shift, double temperature) {
    double[] computed = logProbs(tokens, shift, temperature);
    double[] off = new double[tokens.length];
    Arrays.setAll(off, i -> Math.abs(x[tokens[i]] - computed[i]));
    return off;
  }

  /** The temperature at which the sum of the differences is smallest, over some of the tokens. */
  double temperature(int[] tokens, double[] x, int shift) {
    int some = Math.max(FEWEST, READ / logits.width());
    int[] taken =
        tokens.length <= some
            ? tokens
            : IntStream.range(0, some)
                .map(i -> tokens[(int) ((long) i * tokens.length / some)])
                .toArray();
    DoubleUnaryOperator sum =
        exponent -> {
          double[] off = differences(taken, x, shift, Math.pow(10, exponent));
          return Arrays.stream(off).sum();
        };
    double step = (HIGHEST - LOWEST) / (TRIED - 1);
    double best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < TRIED; i++) {
      double here = sum.applyAsDouble(LOWEST + i * step);
      best = here < least ? LOWEST + i * step : best;
      least = Math.min(least, here);
    }
    double power =
        new BrentOptimizer(PRECISE, PRECISE)
            .optimize(
                new MaxEval(EVALUATIONS),
                GoalType.MINIMIZE,
                new UnivariateObjectiveFunction(sum::applyAsDouble),
                new SearchInterval(best - step, best + step, best))
            .getPoint();
    return Math.pow(10, power);
  }

  /** Nine of ten are at most that; infinite of too few. */
  static double nine(double[] off) {
    double[] sorted = off.clone();
    Arrays.sort(sorted);
    return sorted.length < ENOUGH
        ? Double.POSITIVE_INFINITY
        : sorted[(int) Math.ceil(MOST * (sorted.length - 1))];
  }
}
