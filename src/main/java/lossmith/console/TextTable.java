package lossmith.console;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;

/** Rows of text in aligned columns, the first to the left and the others to the right. */
public final class TextTable {
  private TextTable() {}

  public static String of(Seq<? extends Seq<String>> rows) {
    int columns = rows.map(Seq::size).max().getOrElse(0);
    Seq<Integer> widths =
        List.range(0, columns)
            .map(c -> rows.map(row -> c < row.size() ? row.get(c).length() : 0).max().getOrElse(0));
    return rows.map(
            row ->
                row.zipWithIndex((cell, c) -> cell(cell, widths.get(c), c == 0))
                    .mkString("  ")
                    .stripTrailing())
        .mkString("", System.lineSeparator(), System.lineSeparator());
  }

  public static String number(Option<Double> x) {
    return x.map(TextTable::number).getOrElse("-");
  }

  public static String number(double x) {
    if (x == 0) {
      return "0";
    }
    return String.format(
        Locale.ROOT, Math.abs(x) < 1e-4 || Math.abs(x) >= 1e5 ? "%.3e" : "%.5f", x);
  }

  public static String percent(Option<Double> x) {
    return x.map(share -> String.format(Locale.ROOT, "%.2f%%", 100 * share)).getOrElse("-");
  }

  private static String cell(String text, int width, boolean left) {
    String fill = " ".repeat(width - text.length());
    return left ? text + fill : fill + text;
  }
}
