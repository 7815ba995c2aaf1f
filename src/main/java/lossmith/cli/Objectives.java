package lossmith.cli;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Recipe;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Parts;

/** The recipes that a command finds by name: those it is given, and classes on the class path. */
public final class Objectives {
  private final Seq<Recipe> known;

  /**
   * The recipes.
   *
   * @param known the recipes, in the order they are listed
   */
  public Objectives(Seq<Recipe> known) {
    this.known = known;
  }

  /** {@return the recipes with a name of their own} */
  public Seq<Recipe> all() {
    return known;
  }

  /**
   * {@return the recipes asked for; every name that means nothing is reported}
   *
   * @param names names separated by commas, {@code all}, or names of classes
   */
  public Seq<Recipe> select(String names) {
    if (names.equals("all")) {
      return known;
    }
    Seq<Recipe> chosen = Vector.empty();
    Seq<Problem> problems = Vector.empty();
    for (String name : names.split(",", -1)) {
      try {
        chosen = chosen.append(named(name.strip()));
      } catch (ProblemException e) {
        problems = problems.appendAll(e.problems());
      }
    }
    Problem.throwAll(problems);
    return chosen;
  }

  /** {@return the recipe of a name, of parts joined with +, or of a class of that name} */
  public Recipe named(String name) {
    return known.find(recipe -> recipe.name().equals(name)).getOrElse(() -> other(name));
  }

  private Recipe other(String name) {
    boolean parts = name.contains(Composition.AND) || Parts.named(name).isDefined();
    return parts ? Composition.of(name) : ofClass(name);
  }

  private Recipe ofClass(String name) {
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      Object made = Class.forName(name, true, loader).getDeclaredConstructor().newInstance();
      if (made instanceof Recipe recipe) {
        return recipe;
      }
      throw problem(name, "a class that is no Recipe");
    } catch (ReflectiveOperationException | LinkageError e) {
      throw problem(name, "no recipe and no class with a constructor without arguments");
    }
  }

  private RuntimeException problem(String name, String what) {
    return Problem.of(
            "recipe",
            "\"" + name + "\", " + what + Nearest.to(name, known.map(Recipe::name)),
            "one of " + known.map(Recipe::name).mkString(", "),
            "such a name, all, parts such as leave-one-out+clip-higher+k3, or the name of a class"
                + " that implements lossmith.recipes.Recipe")
        .exception();
  }
}
