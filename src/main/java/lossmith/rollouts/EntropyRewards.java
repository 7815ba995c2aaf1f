package lossmith.rollouts;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.nio.file.Path;
import java.util.List;
import lossmith.dsl.Columns;
import lossmith.dsl.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Points of a training run: the policy's mean entropy and mean reward, a row for each. Everything
 * that is wrong with a file is reported at once, by column and row; rows count from 1.
 *
 * @param entropy in nats, 0 or more
 * @param reward finite, one per entropy
 */
public record EntropyRewards(Seq<Double> entropy, Seq<Double> reward) {
  /** exp of more is no longer a finite number. */
  private static final double LARGEST = Math.log(Double.MAX_VALUE);

  /**
   * {@return the points in a file; columns other than entropy and reward are left aside}
   *
   * @param file JSONL, JSON, CSV or Parquet with the columns entropy and reward
   * @throws lossmith.dsl.ProblemException if the file cannot be read, lacks a column, or a cell is
   *     not a number in range
   */
  public static EntropyRewards read(Path file) {
    try (DuckTable table = DuckTable.open(file)) {
      Problem.throwAll(
          Vector.of(Columns.ENTROPY, Columns.REWARD).flatMap(name -> columnProblem(table, name)));
      List<@Nullable Double> entropy = table.numbers(Columns.ENTROPY);
      List<@Nullable Double> reward = table.numbers(Columns.REWARD);
      Problem.throwAll(
          outside(Columns.ENTROPY, entropy, 0, LARGEST)
              .appendAll(outside(Columns.REWARD, reward, -Double.MAX_VALUE, Double.MAX_VALUE)));
      return new EntropyRewards(Vector.ofAll(entropy), Vector.ofAll(reward));
    }
  }

  private static Seq<Problem> columnProblem(DuckTable table, String name) {
    String type = table.types().getOrElse(name, "");
    if (type.isEmpty()) {
      return Vector.of(
          problem(
              "no column " + name + " among " + table.types().keySet().mkString(", "),
              "the columns entropy and reward",
              "what is missing under its name"));
    }
    return type.endsWith("]")
        ? Vector.of(
            problem(
                "column " + name + ": lists",
                "a number in every row",
                "the mean over the tokens of each point"))
        : Vector.empty();
  }

  /** The first row that is wrong, and how many more there are. */
  private static Seq<Problem> outside(
      String name, List<@Nullable Double> cells, double low, double high) {
    Seq<Integer> rows =
        Vector.range(0, cells.size()).filter(row -> !within(cells.get(row), low, high));
    if (rows.isEmpty()) {
      return Vector.empty();
    }
    Double first = cells.get(rows.head());
    String more = rows.size() > 1 ? " (and " + (rows.size() - 1) + " more rows)" : "";
    return Vector.of(
        problem(
            "column "
                + name
                + ", row "
                + (rows.head() + 1)
                + ": "
                + (first == null ? "no number" : first.toString())
                + more,
            name.equals(Columns.ENTROPY)
                ? "an entropy in nats, from 0 to " + (int) LARGEST
                : "a finite number in every row",
            "the number, or leave the row out"));
  }

  private static boolean within(@Nullable Double cell, double low, double high) {
    return cell != null && cell >= low && cell <= high;
  }

  private static Problem problem(String wrote, String expected, String remedy) {
    return Problem.of("column", wrote, expected, remedy);
  }
}
