package lossmith.dsl;

import io.vavr.collection.Seq;

/**
 * The name that was probably meant: the fewest letters to change, add, leave out or swap with their
 * neighbour.
 */
public final class Nearest {
  /** As many names as are read at a glance. */
  private static final int SHOWN = 5;

  private Nearest() {}

  /**
   * {@return a question after it, such as {@code " (did you mean grpo?)"}, or nothing where no name
   * is near}
   *
   * @param name what was written
   * @param names what could have been meant
   */
  public static String to(String name, Seq<String> names) {
    return near(name, names)
        .headOption()
        .map(other -> " (did you mean " + other + "?)")
        .getOrElse("");
  }

  /** {@return the names that could have been meant by another, the nearest first} */
  public static Seq<String> near(String name, Seq<String> names) {
    return names
        .filter(other -> distance(other, name) <= Math.max(1, name.length() / 2))
        .sortBy(other -> distance(other, name));
  }

  /**
   * {@return what could have been meant, such as {@code "one of a, b"}; of many, the nearest}
   *
   * @param name what was written
   * @param names what could have been meant
   */
  public static String among(String name, Seq<String> names) {
    return names.size() <= 2 * SHOWN
        ? "one of " + names.mkString(", ")
        : "one of "
            + names.size()
            + ", of which the nearest are "
            + names.sortBy(other -> distance(other, name)).take(SHOWN).mkString(", ");
  }

  /**
   * {@return whether one name could be the other mistyped: at most two letters apart, of five or
   * more}
   */
  public static boolean mistyped(String name, String other) {
    return Math.min(name.length(), other.length()) >= 5 && distance(name, other) <= 2;
  }

  /** Letters to change, add, leave out, or swap with their neighbour, none of them twice. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        cost[i][j] =
            Math.min(
                cost[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
