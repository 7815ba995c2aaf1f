package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;
import lossmith.rollouts.table.CellColumn;

/** Collects the faulty rows of one column; says the first and how many more there are. */
final class Faults {
  private final CellColumn cells;
  private final String expected;
  private final String remedy;
  private String first = "";
  private int count;

  /**
   * No fault so far.
   *
   * @param cells the column
   * @param expected what each row should hold
   * @param remedy what to write instead
   */
  Faults(CellColumn cells, String expected, String remedy) {
    this.cells = cells;
    this.expected = expected;
    this.remedy = remedy;
  }

  /** Adds a fault; rows count from 1 for readers. */
  synchronized void at(int row, String what) {
    if (count++ == 0) {
      first = "column " + cells.name() + ", " + cells.place(row) + ": " + what;
    }
  }

  /** {@return the problem, if a row was faulty} */
  synchronized Seq<Problem> problems() {
    String more = count > 1 ? " (and " + (count - 1) + " more rows)" : "";
    return count == 0
        ? List.empty()
        : List.of(Problem.of("column", first + more, expected, remedy));
  }
}
