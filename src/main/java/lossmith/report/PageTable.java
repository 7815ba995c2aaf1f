package lossmith.report;

import io.vavr.collection.Seq;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A table of a page.
 *
 * @param heading above it
 * @param head the names of its columns, the first of which may be empty
 * @param rows its cells
 * @param note below it, which says what the numbers are
 */
public record PageTable(String heading, Seq<String> head, Seq<Seq<String>> rows, String note) {
  private static final MathContext SHOWN = new MathContext(3);
  private static final double LEAST = 1e-9;

  /** {@return a number for a reader: three digits that count; a dash for none} */
  public static String number(double x) {
    if (!Double.isFinite(x)) {
      return "–";
    }
    BigDecimal rounded = BigDecimal.valueOf(Math.abs(x) < LEAST ? 0 : x).round(SHOWN);
    return rounded.stripTrailingZeros().toPlainString().replace('-', '−');
  }

  /** {@return an interval, to be written behind a number; nothing for none} */
  public static String interval(double low, double high) {
    return Double.isFinite(low) ? " [" + number(low) + ", " + number(high) + "]" : "";
  }
}
