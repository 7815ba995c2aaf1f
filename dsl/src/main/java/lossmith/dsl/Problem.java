package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A user's mistake, as a value: problems are collected and reported together.
 *
 * @param code a stable word for programs, such as {@code level}, {@code dead-objective}, {@code
 *     column}
 * @param wrote what was written or given
 * @param expected what was expected there
 * @param remedy what to write instead
 * @param explanation the same over several lines, where there is more to see; else empty
 */
public record Problem(String code, String wrote, String expected, String remedy, String explanation)
    implements Serializable {
  /** What ends a line, or steers a terminal. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

  /**
   * {@return a problem}
   *
   * @param code a stable word for programs
   * @param wrote what was written or given
   * @param expected what was expected there
   * @param remedy what to write instead
   */
  public static Problem of(String code, String wrote, String expected, String remedy) {
    return new Problem(code, wrote, expected, remedy, "");
  }

  /** {@return the same problem, told over several lines where a person reads it} */
  public Problem explained(String lines) {
    return new Problem(code, wrote, expected, remedy, lines);
  }

  /** {@return what a person is told: the explanation, or all of it on one line} */
  public String told() {
    return explanation.isEmpty() ? toString() : explanation;
  }

  /** {@return this problem alone, to throw} */
  public ProblemException exception() {
    return new ProblemException(List.of(this));
  }

  /**
   * Throws all problems at once, if there are any.
   *
   * @param problems what was found
   */
  public static void throwAll(Seq<Problem> problems) {
    if (problems.nonEmpty()) {
      throw new ProblemException(problems);
    }
  }

  /** {@return a text in which every letter stands on one line, and none steers a terminal} */
  public static String line(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(
            found -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
  }

  /** {@return all of it, on one line whatever was written} */
  @Override
  public String toString() {
    return line(code + ": got " + wrote + "; expected " + expected + "; write " + remedy);
  }
}
