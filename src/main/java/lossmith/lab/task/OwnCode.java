package lossmith.lab.task;

import io.vavr.collection.List;
import java.util.function.Supplier;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/** Calls the code of a task; what it throws is said as a mistake in it. */
public final class OwnCode {
  private OwnCode() {}

  /**
   * {@return what a task answers}
   *
   * @param task the task
   * @param what the method, with what it is given
   * @param call calls it
   * @throws ProblemException where the task throws anything
   */
  public static <T> T of(Task task, String what, Supplier<T> call) {
    try {
      return call.get();
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
      throw Problem.of(
              "task",
              "the task " + task.name() + ", whose " + what + " throws " + thrown + where,
              "an answer to every prompt and response",
              "that method so that it throws nothing")
          .exception();
    }
  }
}
