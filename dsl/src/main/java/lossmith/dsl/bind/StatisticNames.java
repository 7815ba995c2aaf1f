package lossmith.dsl.bind;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import java.util.LinkedHashMap;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Fingerprint;
import lossmith.dsl.Node;
import lossmith.dsl.Over;
import lossmith.dsl.Problem;
import lossmith.dsl.Terms;

/**
 * The column of each statistic that a loss reads of the policy: its own name where it has one, such
 * as {@code entropy}, otherwise {@code statistic_} and the first digits of its fingerprint. Equal
 * meanings have one column, and two meanings never share one.
 */
final class StatisticNames {
  private static final int DIGITS = 16;

  private static final Map<String, String> KNOWN =
      HashMap.of(
          Terms.logProb().fingerprint(),
          Columns.LOG_PROB,
          Terms.entropy().fingerprint(),
          Columns.ENTROPY,
          Terms.logPi().mean(Over.VOCABULARY).fingerprint(),
          Columns.MEAN_LOG_PI,
          Terms.probTimes(Terms.logPi().scaledBy(2), Terms.constant(1, Axis.VOCABULARY_ENTRY))
              .sum(Over.VOCABULARY)
              .fingerprint(),
          Columns.SUM_PI_SQUARED,
          Terms.ofSampled(Terms.referenceLogPi()).fingerprint(),
          Columns.REFERENCE_LOG_PROB);

  private final int digits;
  private final Fingerprint fingerprints = new Fingerprint();
  private final java.util.Map<String, String> meanings = new LinkedHashMap<>();

  StatisticNames() {
    this(DIGITS);
  }

  /**
   * Names of so many digits.
   *
   * @param digits fewer than sixteen, to see two statistics meet
   */
  StatisticNames(int digits) {
    this.digits = digits;
  }

  /** {@return the column of a node that goes from the vocabulary to the token} */
  String of(Node statistic) {
    String meaning = fingerprints.digest(statistic);
    String name = KNOWN.getOrElse(meaning, StatisticsSplit.UNNAMED + meaning.substring(0, digits));
    String other = meanings.putIfAbsent(name, meaning);
    if (other != null && !other.equals(meaning)) {
      throw Problem.of(
              "statistic",
              "two statistics of the policy for the column " + name,
              "one column for each",
              "one of them in another way, such as x.times(constant) for constant.times(x) with"
                  + " another constant")
          .exception();
    }
    return name;
  }
}
