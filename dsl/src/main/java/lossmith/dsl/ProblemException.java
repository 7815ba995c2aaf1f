package lossmith.dsl;

import io.vavr.collection.Seq;

/** One or more mistakes of the user, never of Lossmith; its message has a line for each. */
public final class ProblemException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient Seq<Problem> problems;

  /**
   * Reports them all.
   *
   * @param problems at least one
   */
  public ProblemException(Seq<Problem> problems) {
    super(problems.mkString("\n"));
    this.problems = problems;
  }

  /** {@return every problem, in the order they were found} */
  public Seq<Problem> problems() {
    return problems;
  }
}
