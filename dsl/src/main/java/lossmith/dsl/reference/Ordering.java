package lossmith.dsl.reference;

import java.util.SortedMap;
import java.util.TreeMap;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import org.jspecify.annotations.Nullable;

/**
 * What depends on order: neighbours and recurrences along tokens, ranks, permutations, equal keys.
 */
final class Ordering {
  private final Samples samples;

  Ordering(Samples samples) {
    this.samples = samples;
  }

  double[] neighbour(double[] x, Direction from, double edge) {
    int step = from == Direction.BACKWARD ? 1 : -1;
    double[] y = new double[x.length];
    for (int t = 0; t < x.length; t++) {
      y[t] = sameSequence(t, t + step) ? x[t + step] : edge;
    }
    return y;
  }

  double[] scan(double[] addend, double[] coefficient, Direction direction) {
    int step = direction == Direction.BACKWARD ? 1 : -1;
    double[] y = new double[addend.length];
    for (int i = 0; i < y.length; i++) {
      int t = direction == Direction.BACKWARD ? y.length - 1 - i : i;
      y[t] = addend[t] + (sameSequence(t, t + step) ? coefficient[t] * y[t + step] : 0);
    }
    return y;
  }

  private boolean sameSequence(int t, int u) {
    return u >= 0
        && u < samples.tokens()
        && samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)
            == samples.parent(Level.Name.TOKEN, u, Level.Name.SEQUENCE);
  }

  double[] sumByKey(
      double[] x, double[] key, Level.Name level, Level.Name within, boolean cumulative) {
    double[] y = new double[x.length];
    for (int[] members : Members.of(samples, level, within, null)) {
      SortedMap<Double, Double> sums = new TreeMap<>();
      for (int i : members) {
        sums.merge(key[i] + 0.0, x[i], Double::sum);
      }
      if (cumulative) {
        accumulate(sums);
      }
      for (int i : members) {
        y[i] = sums.getOrDefault(key[i] + 0.0, 0.0);
      }
    }
    return y;
  }

  /** Adds to the sum of each key those of all smaller ones. */
  private static void accumulate(SortedMap<Double, Double> sums) {
    double below = 0;
    for (var sum : sums.entrySet()) {
      below += sum.getValue();
      sum.setValue(below);
    }
  }

  double[] permute(double[] x, double[] key, Level.Name level, Level.Name within, boolean inverse) {
    double[] y = new double[x.length];
    for (int[] members : Members.of(samples, level, within, null)) {
      int[] sorted = Members.descending(key, members);
      for (int j = 0; j < members.length; j++) {
        if (inverse) {
          y[sorted[j]] = x[members[j]];
        } else {
          y[members[j]] = x[sorted[j]];
        }
      }
    }
    return y;
  }

  double[] rank(double[] x, Level.Name level, Level.Name within, double @Nullable [] where) {
    double[] y = new double[x.length];
    var counting = Members.of(samples, level, within, where);
    for (int i = 0; i < y.length; i++) {
      y[i] = counting.get(Members.parent(samples, level, i, within)).length;
    }
    for (int[] members : counting) {
      int[] sorted = Members.descending(x, members);
      for (int j = 0; j < sorted.length; j++) {
        y[sorted[j]] = j;
      }
    }
    return y;
  }
}
