package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.Serializable;

/**
 * A user's mistake, as a value: problems are collected and reported together.
 *
 * @param code a stable word for programs, such as {@code level}, {@code dead-objective}, {@code
 *     column}
 * @param wrote what was written or given
 * @param expected what was expected there
 * @param remedy what to write instead
 */
public record Problem(String code, String wrote, String expected, String remedy)
    implements Serializable {
  /**
   * {@return a problem}
   *
   * @param code a stable word for programs
   * @param wrote what was written or given
   * @param expected what was expected there
   * @param remedy what to write instead
   */
  public static Problem of(String code, String wrote, String expected, String remedy) {
    return new Problem(code, wrote, expected, remedy);
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

  @Override
  public String toString() {
    return code + ": got " + wrote + "; expected " + expected + "; write " + remedy;
  }
}
