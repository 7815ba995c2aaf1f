package lossmith.dsl.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lossmith.dsl.Level;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.data.Samples;
import org.jspecify.annotations.Nullable;

/** Which elements of a level belong to which element of a coarser one, and their reductions. */
final class Members {
  private Members() {}

  /**
   * For each element of {@code to}, the indices of the elements of {@code from} that count, in
   * order.
   */
  static List<int[]> of(
      Samples samples, Level.Name from, Level.Name to, double @Nullable [] where) {
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < samples.size(to); i++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < samples.size(from); i++) {
      if (where == null || where[i] != 0) {
        members.get(parent(samples, from, i, to)).add(i);
      }
    }
    return members.stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  static int parent(Samples samples, Level.Name from, int index, Level.Name to) {
    if (from != Level.Name.VOCABULARY) {
      return samples.parent(from, index, to);
    }
    return to == Level.Name.VOCABULARY
        ? index
        : samples.parent(Level.Name.TOKEN, index / samples.vocabulary(), to);
  }

  static double reduce(ReduceOp op, double[] x, int[] members, int ddof) {
    if (members.length == 0) {
      return 0;
    }
    return switch (op) {
      case SUM -> sum(x, members);
      case MEAN -> sum(x, members) / members.length;
      case MIN -> Arrays.stream(members).mapToDouble(i -> x[i]).min().orElse(0);
      case MAX -> Arrays.stream(members).mapToDouble(i -> x[i]).max().orElse(0);
      case STD -> std(x, members, ddof);
      case ULP -> ulp(x, members);
    };
  }

  private static double std(double[] x, int[] members, int ddof) {
    if (members.length <= ddof) {
      return 0;
    }
    if (Arrays.stream(members).allMatch(i -> x[i] == x[members[0]])) {
      return 0; // the mean of equal numbers may be off by a rounding
    }
    double mean = sum(x, members) / members.length;
    double farthest =
        Arrays.stream(members).mapToDouble(i -> Math.abs(x[i] - mean)).max().orElse(0);
    if (farthest == 0) {
      return 0;
    }
    double squares = 0;
    for (int i : members) {
      double part =
          (x[i] - mean) / farthest; // the square of 1e200 is no number, that of 1e-200 is 0
      squares += part * part;
    }
    return farthest * Math.sqrt(squares / (members.length - ddof));
  }

  /** The spacing of the numbers that the members were recorded in, at the largest. */
  private static double ulp(double[] x, int[] members) {
    boolean single = Arrays.stream(members).allMatch(i -> (float) x[i] == x[i]);
    boolean whole = Arrays.stream(members).allMatch(i -> Math.floor(x[i]) == x[i]);
    double largest = Arrays.stream(members).mapToDouble(i -> Math.abs(x[i])).max().orElse(0);
    return largest * (single && !whole ? 0x1p-23 : 0x1p-52);
  }

  private static double sum(double[] x, int[] members) {
    double sum = 0;
    for (int i : members) {
      sum += x[i];
    }
    return sum;
  }

  /** The members in descending order of x; ties in their own order, and -0 is a tie of 0. */
  static int[] descending(double[] x, int[] members) {
    return Arrays.stream(members)
        .boxed()
        .sorted((a, b) -> Double.compare(x[b] + 0.0, x[a] + 0.0))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  static double quantile(double[] x, int[] members, double fraction) {
    if (members.length == 0) {
      return 0;
    }
    double[] sorted = Arrays.stream(members).mapToDouble(i -> x[i]).sorted().toArray();
    double at = Math.max(0, Math.min(1, fraction)) * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
