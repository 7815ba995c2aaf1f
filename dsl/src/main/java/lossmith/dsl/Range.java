package lossmith.dsl;

import java.io.Serializable;
import java.util.Locale;

/**
 * What a parameter may be: its default and its closed range.
 *
 * @param initial the value where none is fed
 * @param low the smallest legal value
 * @param high the largest legal value
 */
public record Range(double initial, double low, double high) implements Serializable {
  /** Checks that the default is inside. */
  public Range {
    if (!(low <= initial && initial <= high)) {
      throw Problem.of(
              "range",
              initial + " in [" + low + ", " + high + "]",
              "a default inside the range",
              "a range low <= default <= high")
          .exception();
    }
  }

  /** {@return whether the value is inside} */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  @Override
  public String toString() {
    double whole = Math.rint(low);
    String least = low == Math.nextUp(whole) ? "(" + number(whole) : "[" + number(low);
    return String.format(Locale.ROOT, "%s in %s, %s]", number(initial), least, number(high));
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e7
        ? String.valueOf((long) x)
        : String.valueOf(x).replace(".0E", "e").replace('E', 'e');
  }
}
