package lossmith.rollouts;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;

/**
 * Whether the signs of a file are those of pairs: one chosen and one rejected response to each
 * prompt. Where they are not, no loss of pairs can be scored, and all others can.
 */
final class SignPairs {
  private SignPairs() {}

  /** {@return why the signs are no pairs, if there are signs and they are none} */
  static Option<String> wrong(FileColumns columns, Responses responses) {
    return columns
        .get(Columns.SIGN)
        .map(cells -> Arrays.stream(responses.rows()).mapToDouble(r -> Scalars.number(cells, r)))
        .map(signs -> signs.toArray())
        .filter(signs -> Arrays.stream(signs).allMatch(Double::isFinite))
        .flatMap(signs -> wrong(responses, signs));
  }

  private static Option<String> wrong(Responses responses, double[] signs) {
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
