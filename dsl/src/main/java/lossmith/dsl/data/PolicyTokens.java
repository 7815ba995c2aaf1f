package lossmith.dsl.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;

/** The tokens that a mask leaves, and what data of all tokens becomes with them alone. */
final class PolicyTokens {
  private final int[] lengths;
  private final int[] kept;

  /** For every token, the place among the kept ones of the one that its reward belongs to. */
  private final int[] earner;

  /**
   * The tokens of a mask.
   *
   * @param all the number of tokens of each response
   * @param ones 1 for each token that is kept, 0 for each other
   */
  PolicyTokens(int[] all, double[] ones) {
    kept = IntStream.range(0, ones.length).filter(t -> ones[t] == 1).toArray();
    lengths = new int[all.length];
    earner = new int[ones.length];
    int token = 0;
    int before = 0;
    for (int s = 0; s < all.length; s++) {
      for (int t = 0; t < all[s]; t++) {
        lengths[s] += (int) ones[token];
        earner[token++] = before + Math.max(lengths[s] - 1, 0);
      }
      if (lengths[s] == 0) {
        Arrays.fill(earner, token - all[s], token, -1);
      }
      before += lengths[s];
    }
  }

  /** {@return the number of kept tokens of each response} */
  int[] lengths() {
    return lengths.clone();
  }

  int[] of(int[] values) {
    return Arrays.stream(kept).map(t -> values[t]).toArray();
  }

  /** {@return a column with the kept tokens alone; rewards go where they were earned} */
  double[] of(String name, Level.Name level, double[] values) {
    if (level != Level.Name.TOKEN) {
      return values;
    }
    return name.equals(Columns.TOKEN_REWARD)
        ? earned(values)
        : Arrays.stream(kept).mapToDouble(t -> values[t]).toArray();
  }

  /** A reward of a response without a kept token was earned by nobody; no number means none. */
  private double[] earned(double[] rewards) {
    double[] sums = Arrays.stream(kept).mapToDouble(t -> rewards[t]).toArray();
    for (int t = 0, next = 0; t < rewards.length; t++) {
      if (next < kept.length && kept[next] == t) {
        next++;
      } else if (earner[t] >= 0 && Double.isFinite(rewards[t])) {
        sums[earner[t]] += rewards[t];
      }
    }
    return sums;
  }

  Grid of(Grid grid) {
    return new Grid(kept.length, grid.width(), (row, column) -> grid.get(kept[row], column));
  }
}
