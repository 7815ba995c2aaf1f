package lossmith.objective;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Family;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Parts;

/**
 * What can be named where an objective is asked for: a recipe, parts joined with {@code +}, a class
 * on the class path, a Java source file ({@code my/Loss.java}, or {@code my/Losses.java#mine} for
 * one of several objectives in it), a JSON file ({@code grpo.json}), an expression such as {@code
 * maximise(r.times(A) .mean(ALL_TOKENS))}.
 */
public final class Objectives {
  private static final String JAVA = ".java";
  private static final String JSON = ".json";

  /** Between a file and the name of one objective in it. */
  private static final String PART = "#";

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
   * {@return the objectives by family, as the library's catalogue has them; all others are a family
   * of their own}
   *
   * @param more that are none of those known
   */
  public Seq<Family> families(Seq<Recipe> more) {
    Seq<Recipe> all = known.appendAll(more);
    Seq<Family> families =
        Recipes.families()
            .map(f -> new Family(f.name(), f.title(), f.recipes().filter(r -> has(all, r))))
            .filter(f -> f.recipes().nonEmpty());
    Seq<Recipe> listed = families.flatMap(Family::recipes);
    Seq<Recipe> own = all.reject(recipe -> has(listed, recipe)).distinctBy(Recipe::name);
    return own.isEmpty()
        ? families
        : families.append(new Family("own", "recipes of this command line", own));
  }

  private static boolean has(Seq<Recipe> all, Recipe recipe) {
    return all.exists(one -> one.name().equals(recipe.name()));
  }

  /**
   * {@return the objectives asked for; every name that means nothing is reported}
   *
   * @param names {@code all}, or what {@link Objectives} reads, separated by commas; a comma
   *     between brackets belongs to an expression
   */
  public Seq<Recipe> select(String names) {
    if (names.equals("all")) {
      return known;
    }
    Seq<Recipe> chosen = Vector.empty();
    Seq<Problem> problems = Vector.empty();
    for (String name : split(names)) {
      try {
        chosen = chosen.appendAll(read(name.strip()));
      } catch (ProblemException e) {
        problems = problems.appendAll(e.problems());
      }
    }
    Problem.throwAll(problems.appendAll(ofOneName(chosen.distinct())));
    return chosen.distinct();
  }

  /** Objectives that would be told by the same word. */
  private static Seq<Problem> ofOneName(Seq<Recipe> chosen) {
    return chosen
        .groupBy(Recipe::name)
        .filterValues(same -> same.size() > 1)
        .keySet()
        .toList()
        .map(
            name ->
                Problem.of(
                    "recipe",
                    "two objectives named " + name,
                    "a name for each",
                    "another \"name\" in the file, or one of them at a time"));
  }

  /**
   * {@return the one objective of a name}
   *
   * @param name what {@link Objectives} reads
   */
  public Recipe named(String name) {
    Seq<Recipe> read = read(name);
    if (read.size() > 1) {
      throw Problem.of(
              "recipe",
              name + ", a file of the objectives " + read.map(Recipe::name).mkString(", "),
              "one of them",
              name + PART + read.head().name())
          .exception();
    }
    return read.head();
  }

  /** {@return the files among the objectives asked for, which a command reads} */
  public static Seq<Path> files(Seq<String> names) {
    return names
        .flatMap(Objectives::split)
        .map(String::strip)
        .filter(name -> !Sources.isExpression(name))
        .map(name -> name.replaceFirst("(?<=\\.java)#.*$", ""))
        .filter(name -> name.endsWith(JAVA) || name.endsWith(JSON))
        .map(Path::of);
  }

  private static Seq<String> split(String names) {
    Seq<String> found = List.empty();
    int open = 0;
    int from = 0;
    for (int i = 0; i < names.length(); i++) {
      char c = names.charAt(i);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && open == 0) {
        found = found.append(names.substring(from, i));
        from = i + 1;
      }
    }
    return found.append(names.substring(from));
  }

  private Seq<Recipe> read(String name) {
    int of = name.lastIndexOf(JAVA + PART);
    if (name.endsWith(JAVA) && !Sources.isExpression(name)) {
      return Sources.file(Path.of(name));
    } else if (name.endsWith(JSON) && !Sources.isExpression(name)) {
      return List.of(Sources.json(Path.of(name)));
    } else if (of >= 0) {
      return List.of(
          one(
              name.substring(0, of + JAVA.length()),
              name.substring(of + JAVA.length() + PART.length())));
    }
    return List.of(
        known.find(recipe -> recipe.name().equals(name)).getOrElse(() -> unlisted(name)));
  }

  private static Recipe one(String file, String name) {
    Seq<Recipe> there = Sources.file(Path.of(file));
    return there
        .find(recipe -> recipe.name().equals(name))
        .getOrElseThrow(
            () ->
                Problem.of(
                        "recipe",
                        file + PART + name,
                        "one of " + there.map(Recipe::name).mkString(", "),
                        file + PART + there.head().name())
                    .exception());
  }

  private Recipe unlisted(String name) {
    if (Sources.isExpression(name)) {
      return Sources.expression(name);
    }
    if (Files.isRegularFile(Path.of(name))) {
      throw Problem.of(
              "recipe",
              name + ", a file that is neither Java nor JSON",
              "a file such as my/Loss.java or loss.json",
              name.endsWith(".py")
                  ? "prove --python " + name + ":FUNCTION, or identify --python"
                  : "my/Loss.java; rollouts are read by score, check and compare")
          .exception();
    }
    boolean parts = name.contains(Composition.AND) || Parts.named(name).isDefined();
    return parts ? composed(name) : ofClass(name);
  }

  /** A recipe is whole: parts are joined with each other. */
  private Recipe composed(String name) {
    Seq<String> words = List.of(name.split("\\" + Composition.AND, -1)).map(String::strip);
    Seq<String> whole =
        words.filter(
            word ->
                Parts.named(word).isEmpty() && known.exists(recipe -> recipe.name().equals(word)));
    if (whole.isEmpty()) {
      return Composition.of(name);
    }
    String rest = words.removeAll(whole).mkString(Composition.AND);
    throw Problem.of(
            "part",
            name
                + ", in which "
                + whole.mkString(" and ")
                + (whole.size() == 1
                    ? " is a whole recipe and no part"
                    : " are whole recipes and no parts"),
            "parts alone, to which reward, group-normalised, clip and token-mean are added where"
                + " none of their kind is named",
            (rest.isEmpty() ? whole.head() : rest)
                + "; 'recipes' lists the parts, and 'show "
                + whole.head()
                + "' prints what a Java file or an expression could join with others")
        .exception();
  }

  /** Nothing of a class that is no recipe is run, not even what it does when it is loaded. */
  private Recipe ofClass(String name) {
    Class<?> type;
    try {
      type = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw problem(name, "no recipe and no class on the class path");
    }
    if (!Recipe.class.isAssignableFrom(type)) {
      throw problem(name, "a class that is no Recipe");
    }
    if (!Sources.isRecipe(type)) {
      throw problem(name, "no class with a constructor without arguments");
    }
    return Sources.instance(name, type);
  }

  private RuntimeException problem(String name, String what) {
    return Problem.of(
            "recipe",
            "\"" + name + "\", " + what + Nearest.to(name, known.map(Recipe::name)),
            Nearest.among(name, known.map(Recipe::name)),
            "a name that 'recipes' lists, all, parts such as leave-one-out+clip-higher+k3, a class"
                + " that implements lossmith.recipes.Recipe (its jar by --class-path), a file such"
                + " as my/Loss.java or loss.json, or an expression such as"
                + " \"maximise(r.times(A).mean(ALL_TOKENS))\"")
        .exception();
  }
}
