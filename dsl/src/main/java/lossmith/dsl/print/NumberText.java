package lossmith.dsl.print;

import io.vavr.control.Option;
import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as people write them. */
final class NumberText {
  /** Nobody chooses a number of more characters. */
  private static final int CHOSEN = 9;

  private NumberText() {}

  static String text(double x) {
    if (Double.isInfinite(x)) {
      return x > 0 ? "∞" : "-∞";
    }
    return x == Math.rint(x) && Math.abs(x) < 1e15
        ? String.valueOf((long) x)
        : String.valueOf(x).replace(".0E", "e").replace("E", "e");
  }

  /** As its author wrote it, where rounding spoilt that: 0.1 for what 1 − 0.9 came to. */
  static String meant(double x) {
    String exact = text(x);
    if (Double.isInfinite(x) || exact.length() <= CHOSEN) {
      return exact;
    }
    String rounded = text(rounded(x, 12));
    return rounded.length() <= CHOSEN ? rounded : exact;
  }

  /** {@return the short number whose logarithm this is, if it is one} */
  static Option<Double> exponential(double x) {
    double power = Math.exp(x);
    if (meant(x).length() <= CHOSEN || Double.isInfinite(power) || power == 0) {
      return Option.none();
    }
    double chosen = rounded(power, 6);
    return Option.when(Math.log(chosen) == x, chosen);
  }

  private static double rounded(double x, int digits) {
    return new BigDecimal(x).round(new MathContext(digits)).doubleValue();
  }
}
