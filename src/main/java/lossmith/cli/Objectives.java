package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.function.Supplier;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;

/**
 * The objectives that a command knows by name: those it is given, and classes on the class path
 * that supply a loss.
 */
public final class Objectives {
  private final Map<String, Supplier<Loss>> known;

  /**
   * The objectives of these names.
   *
   * @param known the objectives, in the order they are listed
   */
  public Objectives(Map<String, Supplier<Loss>> known) {
    this.known = known;
  }

  /** {@return the names} */
  public Seq<String> names() {
    return known.keySet().toVector();
  }

  /**
   * {@return the objectives asked for; every name that means nothing is reported}
   *
   * @param names names separated by commas, {@code all}, or names of classes
   */
  public Map<String, Supplier<Loss>> select(String names) {
    if (names.equals("all")) {
      return known;
    }
    Map<String, Supplier<Loss>> chosen = LinkedHashMap.empty();
    Seq<Problem> problems = Vector.empty();
    for (String name : names.split(",", -1)) {
      try {
        String bare = name.strip();
        Supplier<Loss> loss = known.get(bare).getOrElse(() -> ofClass(bare));
        chosen = chosen.put(bare, loss);
      } catch (lossmith.dsl.ProblemException e) {
        problems = problems.appendAll(e.problems());
      }
    }
    Problem.throwAll(problems);
    return chosen;
  }

  private Supplier<Loss> ofClass(String name) {
    try {
      Object made = Class.forName(name).getDeclaredConstructor().newInstance();
      if (made instanceof Supplier<?> supplier) {
        return () -> loss(name, supplier.get());
      }
      throw problem(name, "a class that supplies no loss");
    } catch (ReflectiveOperationException | LinkageError e) {
      throw problem(name, "no recipe and no class with a constructor without arguments");
    }
  }

  private Loss loss(String name, Object supplied) {
    if (supplied instanceof Loss loss) {
      return loss;
    }
    throw problem(name, "a class that supplies no loss");
  }

  private RuntimeException problem(String name, String what) {
    return Problem.of(
            "recipe",
            "\"" + name + "\", " + what,
            "one of " + (known.isEmpty() ? "the known recipes" : known.keySet().mkString(", ")),
            "such a name, all, or the name of a class that implements Supplier<Loss>")
        .exception();
  }
}
