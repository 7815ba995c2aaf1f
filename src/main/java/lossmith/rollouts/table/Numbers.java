package lossmith.rollouts.table;

import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers as other languages write them. */
public final class Numbers {
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  private Numbers() {}

  /**
   * {@return the number that a text is, NaN and infinities among them; {@link CellColumn#NO_NUMBER}
   * if it is none}
   */
  public static double of(String text) {
    String bare = text.strip();
    return switch (bare.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> decimal(bare);
    };
  }

  /** A decimal number; Java also takes 1f, 1d and hexadecimal digits, which are none here. */
  private static double decimal(String text) {
    return DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : CellColumn.NO_NUMBER;
  }
}
