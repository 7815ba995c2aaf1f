package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;

/**
 * Two sides of a law that should agree and do not.
 *
 * @param where the place, such as {@code d/dlog_prob[3] at statistics}
 * @param left the first side
 * @param right the second side
 * @param allowed how far apart they may be
 */
public record Violation(String where, double left, double right, double allowed) {
  /**
   * {@return the places where two arrays differ by more than tolerance times scale; not-a-number
   * agrees with nothing}
   *
   * @param where what the arrays are
   * @param left the first side
   * @param right the second side
   * @param allowed how far apart entries may be
   */
  static Seq<Violation> between(String where, double[] left, double[] right, double allowed) {
    if (left.length != right.length) {
      return List.of(new Violation(where + ", how many", left.length, right.length, 0));
    }
    return List.range(0, left.length)
        .filter(i -> !agree(left[i], right[i], allowed))
        .map(i -> new Violation(where + "[" + i + "]", left[i], right[i], allowed));
  }

  /** The same of two numbers. */
  static Seq<Violation> between(String where, double left, double right, double allowed) {
    return agree(left, right, allowed)
        ? List.empty()
        : List.of(new Violation(where, left, right, allowed));
  }

  private static boolean agree(double left, double right, double allowed) {
    return left == right || Math.abs(left - right) <= allowed;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %.17g against %.17g, apart %.3g, allowed %.3g",
        where,
        left,
        right,
        Math.abs(left - right),
        allowed);
  }
}
