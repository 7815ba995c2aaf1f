package lossmith.cli;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import java.util.Objects;
import lossmith.objective.Objectives;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code recipes}: lists all recipes, and the parts that compositions name. */
@Command(
    name = "recipes",
    mixinStandardHelpOptions = true,
    description = "Lists the recipes and parts.")
public final class RecipesCommand implements Runnable {
  private static final String EXAMPLE = "leave-one-out+clip-higher+rollout-tis+k3";

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  /**
   * The command.
   *
   * @param objectives the recipes it lists
   */
  public RecipesCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public void run() {
    int width =
        objectives
            .all()
            .map(Recipe::name)
            .appendAll(Parts.all().map(Part::name))
            .map(String::length)
            .max()
            .get();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    objectives
        .all()
        .forEach(
            recipe -> {
              print(out, width, Tuple.of(recipe.name(), recipe.title()));
              print(out, width, Tuple.of("", origin(recipe.source(), recipe.counterparts())));
            });
    out.println();
    out.println("In brackets: systems that have it; * = theirs differs, see show NAME.");
    out.println();
    out.println("Parts, joined into an objective with " + Composition.AND + ", such as " + EXAMPLE);
    for (Part.Kind kind : Part.Kind.values()) {
      out.println();
      out.println(kind + (kind.single() ? ": exactly one, by default the first" : ": any number"));
      Parts.all()
          .filter(part -> part.kind() == kind)
          .forEach(
              part -> {
                print(out, width, Tuple.of(part.name(), part.title()));
                print(out, width, Tuple.of("", origin(part.source(), part.counterparts())));
              });
    }
  }

  /** The paper, the place in it, and the systems that have it, * where theirs differs. */
  private static String origin(Source source, Seq<Counterpart> counterparts) {
    Seq<String> systems =
        counterparts
            .map(p -> p.system() + (p.differs().isEmpty() && p.wrong().isEmpty() ? "" : "*"))
            .distinct();
    return source.paper()
        + ", "
        + source.where()
        + (systems.isEmpty() ? "" : systems.mkString(" [", ", ", "]"));
  }

  private static void print(PrintWriter out, int width, Tuple2<String, String> line) {
    out.println(line._1 + " ".repeat(width + 2 - line._1.length()) + line._2);
  }
}
