package lossmith.proofs.independent.loops;

import java.util.Arrays;
import java.util.Comparator;

/** Sums, means, deviations, orders and quantiles of some of an array. */
public final class ArrayStatistics {
  private ArrayStatistics() {}

  static double sum(double[] x, int[] of) {
    double sum = 0;
    for (int i : of) {
      sum += x[i];
    }
    return sum;
  }

  static double mean(double[] x, int[] of) {
    return of.length == 0 ? 0 : sum(x, of) / of.length;
  }

  /** √(Σ (x − mean)² / (n − ddof)); 0 where n ≤ ddof or all are equal. */
  static double std(double[] x, int[] of, int ddof) {
    if (of.length <= ddof || Arrays.stream(of).allMatch(i -> x[i] == x[of[0]])) {
      return 0;
    }
    double mean = mean(x, of);
    double squares = 0;
    for (int i : of) {
      squares += (x[i] - mean) * (x[i] - mean);
    }
    return Math.sqrt(squares / (of.length - ddof));
  }

  static double least(double[] x, int[] of) {
    return Arrays.stream(of).mapToDouble(i -> x[i]).min().orElse(0);
  }

  static double most(double[] x, int[] of) {
    return Arrays.stream(of).mapToDouble(i -> x[i]).max().orElse(0);
  }

  /**
   * The elements from the largest key to the smallest, equal ones as they came: 0 and −0 are equal.
   */
  static int[] descending(double[] key, int[] of) {
    return Arrays.stream(of)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> 0.0 - key[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  /** The quantile by linear interpolation; 0 of nothing. */
  public static double quantile(double[] x, int[] of, double fraction) {
    if (of.length == 0) {
      return 0;
    }
    double[] sorted = Arrays.stream(of).mapToDouble(i -> x[i]).sorted().toArray();
    double place = Math.min(1, Math.max(0, fraction)) * (sorted.length - 1);
    int below = Math.min((int) place, sorted.length - 1);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] * (1 - (place - below)) + sorted[above] * (place - below);
  }
}
