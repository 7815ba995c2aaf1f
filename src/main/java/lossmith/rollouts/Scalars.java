package lossmith.rollouts;

import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.Numbers;

/** Numbers of rows, as people write them: also true and false, and numbers as text. */
final class Scalars {
  /** So much of a text is told. */
  private static final int LONG = 60;

  private Scalars() {}

  /** {@return the number in a row; NaN if it holds none} */
  static double number(CellColumn cells, int row) {
    return switch (cells.kind(row)) {
      case NUMBER, TRUTH -> cells.number(row, 0);
      case TEXT -> Numbers.of(cells.text(row));
      default -> Double.NaN;
    };
  }

  /** {@return what a row holds, for messages} */
  static String told(CellColumn cells, int row) {
    return switch (cells.kind(row)) {
      case NOTHING -> "no number";
      case NUMBER, TRUTH -> cells.text(row);
      case TEXT ->
          Double.doubleToRawLongBits(number(cells, row))
                  == Double.doubleToRawLongBits(CellColumn.NO_NUMBER)
              ? "the text \"" + shortened(cells.text(row)) + "\""
              : cells.text(row);
      case LIST -> "a list of " + cells.length(row);
      case OBJECT -> "an object with fields";
    };
  }

  /** {@return an entry of a list, for messages} */
  static String entry(double number) {
    long bits = Double.doubleToRawLongBits(number);
    return bits == Double.doubleToRawLongBits(CellColumn.NO_ENTRY)
        ? "null"
        : isNoNumber(number) ? "no number" : String.valueOf(number);
  }

  /** {@return whether the file has something else than a number at an entry of a list} */
  static boolean isNoNumber(double entry) {
    return Double.doubleToRawLongBits(entry) == Double.doubleToRawLongBits(CellColumn.NO_NUMBER);
  }

  private static String shortened(String text) {
    return text.length() > LONG ? text.substring(0, LONG) + "…" : text;
  }
}
