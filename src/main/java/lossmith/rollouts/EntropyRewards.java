package lossmith.rollouts;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.nio.file.Path;
import lossmith.dsl.Columns;
import lossmith.dsl.Problem;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.Table;
import lossmith.rollouts.table.Tables;

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
   * @param file JSONL, JSON, CSV, Parquet or Arrow with the columns entropy and reward
   * @throws lossmith.dsl.ProblemException if the file cannot be read, lacks a column, or a cell is
   *     not a number in range
   */
  public static EntropyRewards read(Path file) {
    Seq<String> names = Vector.of(Columns.ENTROPY, Columns.REWARD);
    Table table = Tables.read(file, names::contains);
    Problem.throwAll(
        names
            .filter(name -> table.column(name).isEmpty())
            .map(
                name ->
                    problem(
                        "no column "
                            + name
                            + " among "
                            + table
                                .columns()
                                .map(CellColumn::name)
                                .appendAll(table.leftOut())
                                .mkString(", "),
                        "the columns entropy and reward",
                        "what is missing under its name")));
    CellColumn entropy = table.column(Columns.ENTROPY).get();
    CellColumn reward = table.column(Columns.REWARD).get();
    Problem.throwAll(
        outside(entropy, table.rows(), 0, LARGEST, "an entropy in nats, from 0 to " + (int) LARGEST)
            .appendAll(
                outside(
                    reward,
                    table.rows(),
                    -Double.MAX_VALUE,
                    Double.MAX_VALUE,
                    "a finite number in every row")));
    Seq<Integer> rows = Vector.range(0, table.rows());
    return new EntropyRewards(
        rows.map(row -> Scalars.number(entropy, row)),
        rows.map(row -> Scalars.number(reward, row)));
  }

  private static Seq<Problem> outside(
      CellColumn cells, int rows, double low, double high, String expected) {
    Faults faults = new Faults(cells, expected, "the number, or leave the row out");
    for (int row = 0; row < rows; row++) {
      double number = Scalars.number(cells, row);
      if (!(number >= low && number <= high)) {
        faults.at(row, Scalars.told(cells, row));
      }
    }
    return faults.problems();
  }

  private static Problem problem(String wrote, String expected, String remedy) {
    return Problem.of("column", wrote, expected, remedy);
  }
}
