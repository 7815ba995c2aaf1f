package lossmith.check;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.data.Grid;
import lossmith.score.RecordedAgreement;

/** The logits of rollouts, row by row, and the sampled tokens. */
final class LogitsRows {
  private static final int ENOUGH = 3;
  private static final double MOST = 0.9;

  /** Temperatures that are tried, as powers of ten, and how many. */
  private static final double LOWEST = -1.5;

  private static final double HIGHEST = 1.5;
  private static final int TRIED = 61;
  private static final int SECTIONS = 45;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** Logits that are read for one temperature. */
  private static final int READ = 5_000_000;

  private static final int FEWEST = 16;

  private final Recorded recorded;
  private final Grid logits;
  private final int[] chosen;

  LogitsRows(Recorded recorded, Grid logits, int[] chosen) {
    this.recorded = recorded;
    this.logits = logits;
    this.chosen = chosen;
  }

  /** Tokens with a possible log-prob whose row, so many rows on, is one of their response. */
  int[] usable(double[] x, int shift) {
    return recorded.where(
        t ->
            Recorded.possible(x[t])
                && t + shift >= 0
                && t + shift < chosen.length
                && recorded.response(t + shift) == recorded.response(t)
                && recorded.slot(t + shift) == recorded.slot(t) + shift);
  }

  double[] logProbs(int[] tokens, int shift, double temperature) {
    return Arrays.stream(tokens)
        .parallel()
        .mapToDouble(t -> logProb(t + shift, chosen[t], temperature))
        .toArray();
  }

  private double logProb(int row, int entry, double temperature) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < logits.width(); v++) {
      largest = Math.max(largest, logits.get(row, v));
    }
    double sum = 0;
    for (int v = 0; v < logits.width(); v++) {
      sum += Math.exp((logits.get(row, v) - largest) / temperature);
    }
    return (logits.get(row, entry) - largest) / temperature - Math.log(sum);
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
        power -> {
          double[] off = differences(taken, x, shift, Math.pow(10, power));
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
    return Math.pow(10, smallest(sum, best - step, best + step));
  }

  /** Golden section: where a function of one valley is smallest. */
  private static double smallest(DoubleUnaryOperator f, double from, double to) {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = f.applyAsDouble(left);
    double atRight = f.applyAsDouble(right);
    for (int i = 0; i < SECTIONS; i++) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = f.applyAsDouble(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = f.applyAsDouble(right);
      }
    }
    return (low + high) / 2;
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
