package lossmith.check;

import java.util.Locale;

/** Numbers in sentences. */
final class Counted {
  private Counted() {}

  static String tokens(long count) {
    return of(count, "token");
  }

  static String responses(long count) {
    return of(count, "response");
  }

  static String of(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** {@return four digits of a number} */
  static String number(double x) {
    if (x == Math.rint(x) && Math.abs(x) < 1e6) {
      return String.valueOf((long) x);
    }
    String digits = String.format(Locale.ROOT, "%.4g", x);
    return digits.contains("e")
        ? digits.replaceFirst("\\.?0+e", "e").replaceFirst("e([-+])0", "e$1")
        : digits.replaceFirst("(\\.\\d*?)0+$", "$1").replaceFirst("\\.$", "");
  }

  /** {@return a share as a percentage; never 0 or 100 of what is neither} */
  static String percent(double share) {
    double shown = 100 * share;
    return shown > 0 && shown < 0.01
        ? "under 0.01%"
        : shown < 100 && shown > 99.99
            ? "over 99.99%"
            : String.format(Locale.ROOT, shown == Math.rint(shown) ? "%.0f%%" : "%.2f%%", shown);
  }
}
