package lossmith.lab.task;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;

/** The tasks that have a name. */
public final class Tasks {
  private Tasks() {}

  /** {@return all of them} */
  public static Seq<Task> all() {
    return List.of(new Addition(), new ReachTarget(), new TwoWays());
  }

  /**
   * {@return the task of a name, or of a class on the class path that implements {@link Task} and
   * has a constructor without arguments}
   *
   * @param name the name
   */
  public static Task named(String name) {
    return all().find(task -> task.name().equals(name)).getOrElse(() -> ofClass(name));
  }

  private static Task ofClass(String name) {
    try {
      Class<?> type = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      if (Task.class.isAssignableFrom(type)) {
        return (Task) type.getConstructor().newInstance();
      }
    } catch (ReflectiveOperationException | LinkageError e) {
      throw unknown(name);
    }
    throw unknown(name);
  }

  private static RuntimeException unknown(String name) {
    Seq<String> names = all().map(Task::name);
    return Problem.of(
            "task",
            "\"" + name + "\", no task" + Nearest.to(name, names),
            Nearest.among(name, names),
            "one of "
                + names.mkString(", ")
                + ", or a class that implements lossmith.lab.task.Task")
        .exception();
  }
}
