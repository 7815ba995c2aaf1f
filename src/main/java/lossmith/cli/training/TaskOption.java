package lossmith.cli.training;

import io.vavr.collection.Seq;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import lossmith.dsl.Problem;
import lossmith.lab.task.Task;
import lossmith.lab.task.Tasks;
import lossmith.objective.SourceFile;

/** The task that is typed behind {@code --task}: a name, a class, or a Java file with one. */
public final class TaskOption {
  private static final String IMPORTS =
      "import lossmith.lab.task.*; import java.util.random.RandomGenerator; ";

  private TaskOption() {}

  /**
   * {@return the task}
   *
   * @param typed what was typed
   * @throws lossmith.dsl.ProblemException where it is none
   */
  public static Task named(String typed) {
    return typed.endsWith(SourceFile.ENDING) ? written(Path.of(typed)) : Tasks.named(typed);
  }

  private static Task written(Path file) {
    Seq<Class<?>> tasks =
        SourceFile.classes(file, IMPORTS)
            .filter(Task.class::isAssignableFrom)
            .reject(type -> Modifier.isAbstract(type.getModifiers()));
    if (tasks.size() != 1) {
      String found = tasks.isEmpty() ? "no class" : tasks.map(Class::getSimpleName).mkString(", ");
      throw Problem.of(
              "task",
              file + ", in which " + found + " implements lossmith.lab.task.Task",
              "a file with one such class",
              "class MyTask implements Task { … }")
          .exception();
    }
    return Tasks.of(tasks.head());
  }
}
