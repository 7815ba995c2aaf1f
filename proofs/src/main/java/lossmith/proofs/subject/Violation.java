package lossmith.proofs.subject;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;
import lossmith.dsl.magnitude.Difference;

/** A place where a law is broken; {@code toString} describes it. */
public sealed interface Violation {
  /**
   * Two sides that should agree and do not.
   *
   * @param where the place, such as {@code d/dlog_prob[3] at statistics}
   * @param left the first side
   * @param right the second side
   * @param allowed the largest allowed difference
   */
  record Apart(String where, double left, double right, double allowed) implements Violation {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s: %.17g against %.17g", where, left, right);
    }
  }

  /**
   * What should not be so.
   *
   * @param text in words
   */
  record Fact(String text) implements Violation {
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * {@return the places where two arrays differ by more than is allowed; not-a-number agrees with
   * nothing}
   *
   * @param where what the arrays are
   * @param left the first side
   * @param right the second side
   * @param allowed the largest allowed difference of entries
   */
  static Seq<Violation> between(String where, double[] left, double[] right, double allowed) {
    if (left.length != right.length) {
      return List.of(
          new Fact(where + ": " + left.length + " against " + right.length + " numbers"));
    }
    return List.range(0, left.length)
        .filter(i -> !Difference.within(left[i], right[i], allowed))
        .map(i -> new Apart(where + "[" + i + "]", left[i], right[i], allowed));
  }

  /** The same of two numbers. */
  static Seq<Violation> between(String where, double left, double right, double allowed) {
    return Difference.within(left, right, allowed)
        ? List.empty()
        : List.of(new Apart(where, left, right, allowed));
  }
}
