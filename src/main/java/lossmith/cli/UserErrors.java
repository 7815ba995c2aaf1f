package lossmith.cli;

import java.io.IOException;
import lossmith.dsl.ProblemException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A user's mistake is reported in one line, without a stack trace, and exits with 2. */
public final class UserErrors implements IExecutionExceptionHandler {
  /** The exit code of a check that failed. */
  public static final int FAILED = 1;

  /** The exit code of bad input. */
  public static final int BAD_INPUT = 2;

  @Override
  public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed)
      throws Exception {
    if (exception instanceof ProblemException problems) {
      problems.problems().forEach(problem -> command.getErr().println(problem));
      return BAD_INPUT;
    }
    if (exception instanceof IOException io) {
      command.getErr().println("file: " + io.getMessage());
      return BAD_INPUT;
    }
    throw exception;
  }
}
