package lossmith.lab.task;

import io.vavr.collection.List;
import java.util.function.Supplier;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/** A task is asked; what its own code throws is said as a mistake in it. */
public final class Asked {
  private Asked() {}

  /**
   * {@return what a task answers}
   *
   * @param task the task
   * @param what is asked, a method with what it is given
   * @param question asks it
   * @throws ProblemException where the task throws anything
   */
  public static <T> T of(Task task, String what, Supplier<T> question) {
    try {
      return question.get();
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
