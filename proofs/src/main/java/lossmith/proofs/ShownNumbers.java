package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line as it is read: of its numbers no more digits than tell them apart, five at least; the
 * number of a paper is none.
 */
final class ShownNumbers {
  private static final Pattern NUMBER =
      Pattern.compile("(?<!arXiv |\\d)-?\\d+\\.\\d+(E-?\\d+|e[-+]\\d+)?");
  private static final int FEWEST = 5;
  private static final int MOST = 17;

  private ShownNumbers() {}

  static String in(String line) {
    Seq<String> numbers =
        List.ofAll(NUMBER.matcher(line).results().map(found -> found.group()).toList());
    int digits = FEWEST;
    while (digits < MOST && merges(numbers, digits)) {
      digits++;
    }
    int enough = digits;
    return NUMBER
        .matcher(line)
        .replaceAll(found -> Matcher.quoteReplacement(rounded(found.group(), enough)));
  }

  /** Whether two numbers that differ would read alike. */
  private static boolean merges(Seq<String> numbers, int digits) {
    return numbers.map(Double::parseDouble).distinct().size()
        > numbers.map(number -> Double.parseDouble(rounded(number, digits))).distinct().size();
  }

  private static String rounded(String number, int digits) {
    BigDecimal x = new BigDecimal(number).round(new MathContext(digits)).stripTrailingZeros();
    int before = x.precision() - x.scale();
    return before > -FEWEST && before <= FEWEST + 2 ? x.toPlainString() : x.toString();
  }
}
