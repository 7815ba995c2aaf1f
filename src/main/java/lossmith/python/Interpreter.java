package lossmith.python;

import io.vavr.control.Option;
import java.nio.file.Path;

/**
 * The Python that runs a loss: the one that is named, else that of {@code LOSSMITH_PYTHON}, else
 * {@code python3} of the path.
 *
 * @param program its path, or its name on the path
 */
public record Interpreter(String program) {
  /** The variable that names one. */
  static final String VARIABLE = "LOSSMITH_PYTHON";

  /**
   * {@return the Python to use}
   *
   * @param named the one that was asked for, if any
   */
  public static Interpreter of(Option<Path> named) {
    return new Interpreter(
        named
            .map(Path::toString)
            .orElse(Option.of(System.getenv(VARIABLE)).filter(text -> !text.isBlank()))
            .getOrElse("python3"));
  }
}
