package lossmith.dsl.python;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines that read the k largest entries of each row. Where they sum over these alone, they take
 * them at their places, which spares a mask over the whole row.
 */
final class LargestOfRow {
  /** The places of the k largest entries. */
  static final String PLACES = "at";

  private static final Pattern TOP = Pattern.compile("(\\w+) = row_top\\((\\w+), least, last\\)");

  private LargestOfRow() {}

  /**
   * {@return lines after the one that finds {@link RowMeaning#LEAST}}
   *
   * @param call what finds it
   * @param lines lines that may read it
   */
  static Seq<String> found(String call, Seq<String> lines) {
    String least = RowMeaning.LEAST.mkString(", ");
    for (Matcher top : lines.map(TOP::matcher).filter(Matcher::matches)) {
      String name = top.group(1);
      Seq<String> sums = lines.map(line -> atPlaces(line, name, top.group(2)));
      if (!sums.equals(lines)) {
        boolean read = sums.count(line -> RowMeaning.reads(line, name)) > 1;
        return Option.when(read, sums)
            .getOrElse(() -> sums.reject(top.group()::equals))
            .prepend(least + ", " + PLACES + " = " + call.replace("row_least(", "row_largest("));
      }
    }
    return lines.prepend(least + " = " + call);
  }

  private static String atPlaces(String line, String top, String of) {
    return line.replaceAll(
        "torch\\.where\\(" + top + ", (\\w+), 0\\)\\.sum\\(-1, keepdim=True\\)",
        "row_top_sum($1, " + of + ", " + RowMeaning.LEAST.append(PLACES).mkString(", ") + ")");
  }
}
