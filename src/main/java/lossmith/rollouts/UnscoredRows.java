package lossmith.rollouts;

import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.rollouts.table.CellColumn;

/**
 * Which responses of a file have no reward: null, or no such field.
 *
 * @param marks whether a response has none, for each
 * @param missing how many have none, of all that are read
 * @param responses how many are read
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
record UnscoredRows(boolean[] marks, int missing, int responses) {
  /** {@return the responses without a reward; nothing where the file has no column of rewards} */
  static Option<UnscoredRows> of(FileColumns columns, int[] rows) {
    return columns
        .get(Columns.REWARD)
        .filter(cells -> columns.levels().get(Columns.REWARD).contains(Level.Name.SEQUENCE))
        .map(
            cells -> {
              boolean[] marks = new boolean[rows.length];
              int missing = 0;
              for (int i = 0; i < rows.length; i++) {
                marks[i] = cells.kind(rows[i]) == CellColumn.Kind.NOTHING;
                missing += marks[i] ? 1 : 0;
              }
              return new UnscoredRows(marks, missing, rows.length);
            });
  }

  /** {@return the marks of some responses} */
  boolean[] of(int[] chosen) {
    boolean[] some = new boolean[chosen.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = marks[chosen[i]];
    }
    return some;
  }

  /** {@return the same of a part of the responses} */
  UnscoredRows among(int allMissing, int allResponses) {
    return new UnscoredRows(marks, allMissing, allResponses);
  }

  /** {@return whether no response has a reward} */
  boolean all() {
    return missing == responses;
  }

  /** {@return whether some response has none} */
  boolean any() {
    return missing > 0;
  }

  /** {@return what to tell of them, if there are any} */
  Option<String> told() {
    return Option.when(
        any(),
        () ->
            all()
                ? "No response has a reward: losses that read it are not scored."
                : missing
                    + " of "
                    + responses
                    + (missing == 1 ? " responses has" : " responses have")
                    + " no reward: in no statistic of rewards, with advantage 0; the tokens"
                    + " count.");
  }
}
