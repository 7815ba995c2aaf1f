package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/** Collects the faulty rows of one column; says the first and how many more there are. */
final class Faults {
  private final String column;
  private String first = "";
  private int count;

  /**
   * No fault so far.
   *
   * @param column its name in the file
   */
  Faults(String column) {
    this.column = column;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Adds a fault; rows count from 1 for readers. */
  void at(int row, String what) {
    if (count++ == 0) {
      first = "column " + column + ", row " + (row + 1) + ": " + what;
    }
  }

  /** {@return the problem, if a row was faulty} */
  Seq<Problem> problems(String expected, String remedy) {
    String more = count > 1 ? " (and " + (count - 1) + " more rows)" : "";
    return count == 0
        ? List.empty()
        : List.of(Problem.of("column", first + more, expected, remedy));
  }
}
