package lossmith.dsl;

import io.vavr.collection.Seq;
import java.util.stream.IntStream;

/** The name that was probably meant: the fewest letters to change, add or leave out. */
public final class Nearest {
  private Nearest() {}

  /**
   * {@return a question after it, such as {@code " (did you mean grpo?)"}, or nothing where no name
   * is near}
   *
   * @param name what was written
   * @param names what could have been meant
   */
  public static String to(String name, Seq<String> names) {
    return names
        .filter(other -> distance(other, name) <= Math.max(1, name.length() / 2))
        .minBy(other -> distance(other, name))
        .map(other -> " (did you mean " + other + "?)")
        .getOrElse("");
  }

  /**
   * {@return whether one name could be the other mistyped: at most two letters apart, of five or
   * more}
   */
  public static boolean mistyped(String name, String other) {
    return Math.min(name.length(), other.length()) >= 5 && distance(name, other) <= 2;
  }

  private static int distance(String a, String b) {
    int[] row = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
