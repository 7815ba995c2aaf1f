package lossmith.python;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;

/**
 * A function of a Python file, and how to call it.
 *
 * @param file the file
 * @param function its name in the file, with dots where it is in a class
 * @param hook whose loss it is; seen from its parameters where none
 * @param bound the columns of parameters whose names do not tell, by parameter
 * @param settings what parameters are given besides, by name
 * @param limit how long one call may take
 */
public record Target(
    Path file,
    String function,
    Option<String> hook,
    Map<String, String> bound,
    Map<String, String> settings,
    Duration limit) {
  private static final String FORM = "FILE.py:FUNCTION";

  /**
   * {@return a function}
   *
   * @param text its file and its name, with a colon between them
   * @throws lossmith.dsl.ProblemException where it names no file and function
   */
  public static Target of(
      String text,
      Option<String> hook,
      Map<String, String> bound,
      Map<String, String> settings,
      Duration limit) {
    int at = text.lastIndexOf(':');
    String name = text.substring(at + 1);
    if (at < 1 || !name.matches("[\\p{L}_][\\w.]*")) {
      throw Problem.of("python", "\"" + text + "\"", FORM, "prove --python loss.py:my_loss")
          .exception();
    }
    Path file = Path.of(text.substring(0, at));
    if (!Files.isRegularFile(file)) {
      throw Problem.of("python", file + ", where there is no file", "a Python file", FORM)
          .exception();
    }
    Problem.throwAll(
        hook.toList()
            .removeAll(Hook.names())
            .map(
                wrong ->
                    Problem.of(
                        "as",
                        "\"" + wrong + "\"" + Nearest.to(wrong, Hook.names()),
                        "one of " + Hook.names().mkString(", "),
                        "--as verl")));
    if (limit.isNegative() || limit.isZero()) {
      throw Problem.of("time-limit", limit.toSeconds() + " s", "1 or more", "--time-limit 20")
          .exception();
    }
    return new Target(file, name, hook, bound, settings, limit);
  }

  /** {@return file and function, as in reports} */
  @Override
  public String toString() {
    return List.of(String.valueOf(file.getFileName()), function).mkString(":");
  }
}
