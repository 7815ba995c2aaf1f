package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.time.Duration;
import lossmith.blackbox.Probes;
import lossmith.python.Interpreter;
import lossmith.python.PythonFunction;
import lossmith.python.Target;
import org.jspecify.annotations.Nullable;

/** A Python function and how it is called, the same for every command that runs one. */
final class PythonOptions {
  @picocli.CommandLine.Option(
      names = "--python",
      paramLabel = "FILE.py:FUNCTION",
      description = "a loss in Python with PyTorch, which is run in a process of its own")
  private @Nullable String python;

  @picocli.CommandLine.Option(
      names = "--as",
      paramLabel = "TRAINER",
      description =
          "whose loss it is, which says what it is given and who divides by what: tensors,"
              + " exported, verl, trl, openrlhf, nemo-rl, slime, prime-rl or skyrl; advantage for a"
              + " function of rewards (default: seen from its parameters)")
  private @Nullable String hook;

  @picocli.CommandLine.Option(
      names = "--bind",
      paramLabel = "PARAMETER=COLUMN",
      split = ",",
      description = "the column of a parameter whose name does not tell, such as old=old_log_prob")
  private java.util.@Nullable Map<String, String> bound;

  @picocli.CommandLine.Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "a constant for a parameter, or a setting that the loss reads, of which prove says"
              + " whether it changes anything; may be given again")
  private java.util.@Nullable Map<String, String> settings;

  @picocli.CommandLine.Option(
      names = "--interpreter",
      paramLabel = "PYTHON",
      description =
          "the Python that runs it (default: that of the variable LOSSMITH_PYTHON, else python3)")
  private @Nullable Path interpreter;

  @picocli.CommandLine.Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description =
          "how long one call may take, and the import of the file ten times as long; to start"
              + " Python and to import PyTorch is not counted (default: ${DEFAULT-VALUE})")
  private long limit;

  /** Whether there is a function. */
  boolean asked() {
    return python != null;
  }

  /** The function that was typed. */
  String typed() {
    return java.util.Objects.requireNonNull(python);
  }

  /** The function, ready to be called. */
  PythonFunction open() {
    Target target =
        Target.of(typed(), Option.of(hook), map(bound), map(settings), Duration.ofSeconds(limit));
    return PythonFunction.open(target, Interpreter.of(Option.of(interpreter)), probe());
  }

  private static lossmith.blackbox.TensorBatch probe() {
    return Probes.onPolicy(new int[] {3, 1, 2, 4}, new int[] {0, 0, 1, 1}, 1, 1);
  }

  private static Map<String, String> map(java.util.@Nullable Map<String, String> given) {
    return given == null ? LinkedHashMap.empty() : LinkedHashMap.ofAll(given);
  }
}
