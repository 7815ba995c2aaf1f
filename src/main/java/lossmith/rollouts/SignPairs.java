package lossmith.rollouts;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;

/**
 * Whether the signs of a file are those of pairs: one chosen and one rejected response to each
 * prompt. Where they are not, no loss of pairs can be scored, and all others can.
 */
final class SignPairs {
  /** What is told where signs are not read. */
  static String told(String why) {
    return "sign is not read, because " + why + ": losses of pairs are not scored.";
  }

  private SignPairs() {}

  /** {@return why the signs are no pairs, if there are signs and they are none} */
  static Option<String> wrong(FileColumns columns, Responses responses) {
    return of(columns, responses.rows()).flatMap(signs -> wrong(responses, signs));
  }

  /** {@return the sign of each of some rows, if the file has signs} */
  static Option<double[]> of(FileColumns columns, int[] rows) {
    return columns
        .get(Columns.SIGN)
        .map(cells -> Arrays.stream(rows).mapToDouble(row -> Scalars.number(cells, row)).toArray());
  }

  /**
   * {@return why signs are no pairs, if they are none; what is no number is told elsewhere}
   *
   * @param responses the responses
   * @param signs the sign of each
   */
  static Option<String> wrong(Responses responses, double[] signs) {
    if (!Arrays.stream(signs).allMatch(Double::isFinite)) {
      return Option.none();
    }
    for (int[] members : responses.byGroup()) {
      if (members.length != 2
          || Math.abs(signs[members[0]]) != 1
          || signs[members[0]] + signs[members[1]] != 0) {
        return Option.some(
            "the prompt of row "
                + (responses.rows()[members[0]] + 1)
                + " does not have two responses with sign 1 and -1");
      }
    }
    return Option.none();
  }
}
