package lossmith.lab.task;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/** Calls the code of a task; what it throws, or null as its answer, is said as a mistake in it. */
public final class OwnCode {
  private OwnCode() {}

  /**
   * {@return what a task answers}
   *
   * @param task the task
   * @param what the method, with what it is given
   * @param call calls it
   * @throws ProblemException where the task throws anything, or answers null
   */
  public static <T> T of(Task task, String what, Supplier<T> call) {
    T answer;
    try {
      answer = call.get();
    } catch (ProblemException said) {
      throw said;
    } catch (RuntimeException thrown) {
      List<StackTraceElement> lines = List.of(thrown.getStackTrace());
      String where =
          lines
              .find(line -> line.getClassName().equals(task.getClass().getName()))
              .orElse(lines.headOption())
              .map(line -> " at " + line)
              .getOrElse("");
      throw wrong(task, what + " throws " + thrown + where, "throws nothing");
    }
    if (answer == null) {
      throw wrong(task, what + " returns null", "never returns null");
    }
    return answer;
  }

  private static ProblemException wrong(Task task, String does, String should) {
    return Problem.of(
            "task",
            "the task " + name(task) + ", whose " + does,
            "an answer to every prompt and response",
            "that method so that it " + should)
        .exception();
  }

  /** Its name, or that of its class where it has none. */
  private static String name(Task task) {
    String type = task.getClass().getName();
    try {
      return Option.of(task.name()).getOrElse(type);
    } catch (RuntimeException thrown) {
      return type;
    }
  }
}
