package lossmith.rollouts;

import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.rollouts.table.CellColumn;

/**
 * Which responses of a file have no reward: null, or no such field.
 *
 * @param marks whether a response has none, for each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
record UnscoredRows(boolean[] marks) {
  /** {@return the responses without a reward; nothing where the file has no column of rewards} */
  static Option<UnscoredRows> of(FileColumns columns, int[] rows) {
    return columns
        .get(Columns.REWARD)
        .filter(cells -> columns.levels().get(Columns.REWARD).contains(Level.Name.SEQUENCE))
        .map(
            cells -> {
              boolean[] marks = new boolean[rows.length];
              for (int i = 0; i < rows.length; i++) {
                marks[i] = cells.kind(rows[i]) == CellColumn.Kind.NOTHING;
              }
              return new UnscoredRows(marks);
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

  /** {@return whether no response has a reward} */
  boolean all() {
    return count() == marks.length;
  }

  /** {@return whether some response has none} */
  boolean any() {
    return count() > 0;
  }

  private long count() {
    return IntStream.range(0, marks.length).filter(i -> marks[i]).count();
  }

  /** {@return what to tell of them, if there are any} */
  Option<String> told() {
    long missing = count();
    return Option.when(
        any(),
        () ->
            all()
                ? "No response has a reward: losses that read it are not scored."
                : missing
                    + " of "
                    + marks.length
                    + (missing == 1 ? " responses has" : " responses have")
                    + " no reward: in no statistic of rewards, with advantage 0; the tokens"
                    + " count.");
  }
}
