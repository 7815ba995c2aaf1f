package lossmith.dsl.data;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import lossmith.dsl.Level;

/** What is in samples: how many there are of each level, then a line for each column and grid. */
final class SamplesTable {
  private static final Seq<String> HEAD = List.of("column", "per", "mean", "least", "most");

  private SamplesTable() {}

  static String of(Samples samples) {
    String sizes =
        counted(samples.size(Level.Name.SEQUENCE), "response")
            + " to "
            + counted(samples.size(Level.Name.GROUP), "prompt")
            + ", "
            + counted(samples.tokens(), "token");
    Seq<Seq<String>> columns =
        samples
            .columns()
            .toList()
            .sorted()
            .map(name -> row(name, samples.level(name).get(), samples.column(name).get()));
    Seq<Seq<String>> grids =
        samples
            .grids()
            .toList()
            .sorted()
            .map(name -> List.of(name, "vocabulary", samples.vocabulary() + " wide"));
    return sizes + "\n" + aligned(columns.appendAll(grids).prepend(HEAD));
  }

  private static String counted(int count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private static Seq<String> row(String name, Level.Name level, double[] values) {
    DoubleSummaryStatistics all = Arrays.stream(values).summaryStatistics();
    Seq<String> words = List.of(name, level.toString());
    return values.length == 0
        ? words
        : words.appendAll(
            List.of(all.getAverage(), all.getMin(), all.getMax()).map(SamplesTable::number));
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e7
        ? String.valueOf((long) x)
        : String.format(Locale.ROOT, "%.4g", x);
  }

  /** Words to the left, numbers to the right. */
  private static String aligned(Seq<Seq<String>> rows) {
    Seq<Integer> widths =
        HEAD.zipWithIndex()
            .map(
                head ->
                    rows.filter(row -> row.size() > head._2)
                        .map(row -> row.get(head._2).length())
                        .max()
                        .get());
    return rows.map(
            row ->
                row.zipWithIndex((cell, i) -> filled(cell, i, widths.get(i)))
                    .mkString("  ", "  ", "")
                    .stripTrailing())
        .mkString("\n");
  }

  private static String filled(String cell, int column, int width) {
    String fill = " ".repeat(width - cell.length());
    return column < 2 ? cell + fill : fill + cell;
  }
}
