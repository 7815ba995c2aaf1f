package lossmith.cli;

import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import lossmith.console.Screen;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * A user's mistake is reported in one line, or with the lines that explain it, without a stack
 * trace, and exits with 2.
 */
public final class UserErrors implements IExecutionExceptionHandler {
  /** The exit code of a check that failed. */
  public static final int FAILED = 1;

  /** What Java makes of bytes that are no letters in its encoding. */
  private static final char UNREADABLE = '\ufffd';

  /** The exit code of bad input. */
  public static final int BAD_INPUT = 2;

  @Override
  public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed)
      throws Exception {
    if (exception instanceof ProblemException problems) {
      problems.problems().forEach(problem -> command.getErr().println(problem.told()));
      return BAD_INPUT;
    }
    if (exception instanceof InvalidPathException path) {
      command
          .getErr()
          .println(
              Problem.of("file", String.valueOf(path.getMessage()), "a path", "one without it"));
      return BAD_INPUT;
    }
    if (exception instanceof IOException io) {
      command.getErr().println(problem(io));
      return BAD_INPUT;
    }
    if (exception instanceof UncheckedIOException io) {
      command.getErr().println(problem(Objects.requireNonNull(io.getCause())));
      return BAD_INPUT;
    }
    throw exception;
  }

  private static Problem problem(IOException e) {
    String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e instanceof NoSuchFileException) {
      what += ", which does not exist";
    } else if (e instanceof AccessDeniedException) {
      what += ", which may not be used";
    }
    return Problem.of(
        "file",
        what,
        "files that can be read, and room for those that are written",
        "another path; java -Djava.io.tmpdir=FOLDER for temporary files elsewhere");
  }

  /** Says why nothing can be printed, unless its reader has had enough. */
  public static int closed(Screen.Closed closed, PrintWriter err) {
    if (!closed.isQuiet()) {
      err.println(
          Problem.of(
              "stdout",
              "standard output that cannot be written: " + closed.getMessage(),
              "a terminal, a file with room for more, or a pipe that is read",
              "> FILE on another disk"));
    }
    return BAD_INPUT;
  }

  /**
   * What is wrong with the words that were typed: outside a locale in UTF-8 Java cannot read other
   * letters than those of ASCII, nor open files with such names.
   */
  public static Seq<Problem> unreadable(Seq<String> words) {
    return words
        .append(System.getProperty("user.dir", ""))
        .filter(word -> word.indexOf(UNREADABLE) >= 0)
        .map(
            word ->
                Problem.of(
                    "locale",
                    word.replace(UNREADABLE, '?')
                        + ", with letters that the locale's encoding "
                        + System.getProperty("sun.jnu.encoding")
                        + " does not have",
                    "a locale in UTF-8 for such names",
                    "LC_ALL=C.UTF-8 before the command"));
  }
}
