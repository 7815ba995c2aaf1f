package lossmith.fuzz;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One command line, its input files written.
 *
 * @param kind what it is, for the reader of a report
 * @param args what is typed
 * @param outputs the files that it may write
 * @param expected what must come of it
 */
record FuzzCase(String kind, List<String> args, List<Path> outputs, Expected expected) {
  /** What is known beforehand about how a command ends. */
  enum End {
    /** Nothing. */
    ANY,
    /** It must be done. */
    DONE,
    /** It must not be done: bad input, or a check that failed. */
    NOT_DONE
  }

  /**
   * What is known beforehand.
   *
   * @param end how the command ends
   * @param loss the loss that a score of grpo must have
   * @param tolerance how far off it may be
   * @param why what the expectation comes from
   */
  record Expected(End end, OptionalDouble loss, double tolerance, String why) {
    static final Expected ANY = of(End.ANY, "");

    static Expected of(End end, String why) {
      return new Expected(end, OptionalDouble.empty(), 0, why);
    }
  }
}
