package lossmith.lab.task;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;

/** The tasks that have a name. */
public final class Tasks {
  /** It is a part of the names of files, of folders and of numbers. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N} ._-]{1,50}");

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
    Class<?> type;
    try {
      type = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw unknown(name);
    }
    return of(type);
  }

  /**
   * {@return the task that a class makes}
   *
   * @param type a class that implements {@link Task} and has a constructor without arguments
   * @throws lossmith.dsl.ProblemException where it is none, or where its own code throws
   */
  public static Task of(Class<?> type) {
    String name = type.getName();
    try {
      Constructor<? extends Task> made = type.asSubclass(Task.class).getDeclaredConstructor();
      made.setAccessible(true);
      return checked(made.newInstance());
    } catch (ClassCastException other) {
      throw refused(name + ", which does not implement lossmith.lab.task.Task");
    } catch (InvocationTargetException thrown) {
      throw refused(name + ", whose constructor throws " + thrown.getCause());
    } catch (ReflectiveOperationException | InaccessibleObjectException | LinkageError e) {
      throw refused(name + ", of which no object can be made");
    }
  }

  /** What a task says of itself is asked once before anything is done with it. */
  private static Task checked(Task task) {
    String name = OwnCode.of(task, "name()", task::name);
    if (!NAME.matcher(name).matches()) {
      throw Problem.of(
              "task",
              task.getClass().getName() + ", whose name() is \"" + name + "\"",
              "a name that files and folders may have: 1 to 50 letters, digits, spaces and . _ -",
              "such a name")
          .exception();
    }
    Map<String, Supplier<Object>> rest =
        LinkedHashMap.of(
            "title()", task::title,
            "symbols()", task::symbols,
            "longestPrompt()", task::longestPrompt,
            "longestResponse()", task::longestResponse,
            "warmSteps()", task::warmSteps);
    for (var method : rest) {
      Object unused = OwnCode.of(task, method._1, method._2);
    }
    return task;
  }

  private static RuntimeException refused(String what) {
    return Problem.of(
            "task",
            what,
            "a class that implements lossmith.lab.task.Task",
            "a class that is not abstract, with a constructor without arguments")
        .exception();
  }

  private static RuntimeException unknown(String name) {
    Seq<String> names = all().map(Task::name);
    return Problem.of(
            "task",
            "\"" + name + "\", no task" + Nearest.to(name, names),
            Nearest.among(name, names),
            "one of "
                + names.mkString(", ")
                + ", or a class that implements lossmith.lab.task.Task: its Java file, or its name"
                + " with the jar or folder where it is compiled by --class-path")
        .exception();
  }
}
