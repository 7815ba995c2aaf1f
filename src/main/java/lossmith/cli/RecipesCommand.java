package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import lossmith.cli.table.FormatOptions;
import lossmith.cli.table.FoundRows;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.console.Words;
import lossmith.dsl.Loss;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.objective.Objectives;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Family;
import lossmith.score.EnginePlace;
import lossmith.score.EngineRollouts;
import lossmith.score.HereEngine;
import lossmith.score.Scorer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code recipes}: lists all recipes, and the parts that compositions name. */
@Command(
    name = "recipes",
    mixinStandardHelpOptions = true,
    description = "Lists the recipes and parts, or says which of them a file has the columns for.")
public final class RecipesCommand implements java.util.concurrent.Callable<Integer> {
  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description =
          "lists with title, source and systems what has all these words in it, such as"
              + " 'recipes dapo' or 'recipes TRL length'")
  private java.util.List<String> words = new java.util.ArrayList<>();

  @picocli.CommandLine.Option(
      names = "--family",
      paramLabel = "NAME",
      description = "only the recipes of a family, with title, source and systems")
  private @Nullable String family;

  @picocli.CommandLine.Option(
      names = "--for",
      paramLabel = "FILE",
      description =
          "which recipes can be scored with the columns of these rollouts, and what is missing for"
              + " the others")
  private java.util.List<Path> files = new java.util.ArrayList<>();

  @Mixin private final FormatOptions format = new FormatOptions();

  @Mixin private final ReadingOptions reading = new ReadingOptions();

  /**
   * The command.
   *
   * @param objectives the recipes it lists
   */
  public RecipesCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public Integer call() throws IOException {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    Output.check(format.file().toList(), List.ofAll(files));
    Seq<Family> chosen = chosen();
    if (!files.isEmpty()) {
      columns(command, chosen.flatMap(Family::recipes));
      return 0;
    }
    RecipeList list = new RecipeList(chosen);
    Seq<String> asked = List.ofAll(words);
    if (!list.has(asked, family == null)) {
      throw Problem.of(
              "word",
              String.join(" ", words),
              "what occurs in the name, title, source or systems of a recipe",
              "fewer or shorter words; 'recipes' lists all names")
          .exception();
    }
    format.print(
        command,
        () -> FoundRows.of(list.json(asked)),
        () -> {
          if (words.isEmpty() && family == null) {
            list.overview(command.getOut());
          } else {
            list.found(command.getOut(), asked, family == null);
          }
        });
    return 0;
  }

  /** The families asked for, of the recipes that this command line knows. */
  private Seq<Family> chosen() {
    Seq<Family> all = objectives.families(List.empty());
    if (family == null) {
      return all;
    }
    Seq<Family> named = all.filter(f -> f.name().equals(family));
    if (named.isEmpty()) {
      Seq<String> names = all.map(Family::name);
      throw Problem.of(
              "family",
              "--family " + family,
              Nearest.among(String.valueOf(family), names),
              "--family " + names.head())
          .exception();
    }
    return named;
  }

  private void columns(CommandLine command, Seq<Recipe> recipes) throws IOException {
    Map<String, Loss> losses = ScoreCommand.losses(recipes, Conventions.paper());
    try (Progress progress = new Progress(command.getErr());
        EngineRollouts rollouts =
            HereEngine.withoutTexts()
                .open(
                    reading.files(files),
                    reading.value().wanting(losses.values()),
                    EnginePlace.NOWHERE,
                    (done, all) -> progress.show("reading", "rows", done, all))) {
      rollouts.notes().forEach(format.said(command)::println);
      Scorer scorer =
          rollouts
              .scorer(LinkedHashMap.empty(), Precision.FLOAT64, "CPU", 1)
              .among(losses.values());
      Scorable found = Scorable.among(scorer, losses);
      format.print(
          command,
          () -> FoundRows.of(rows(losses.keySet(), found)),
          () -> print(command.getOut(), found));
    }
  }

  private static ArrayNode rows(Set<String> recipes, Scorable found) {
    ArrayNode rows = new ObjectMapper().createArrayNode();
    recipes.forEach(
        name ->
            rows.addObject()
                .put("recipe", name)
                .put("can_be_scored", found.ready().containsKey(name))
                .put("missing", found.lacking().get(name).getOrNull()));
    return rows;
  }

  private static void print(PrintWriter out, Scorable found) {
    out.println("Can be scored (" + found.ready().size() + "):");
    out.print(Words.wrapped("  ", found.ready().keySet().toList(), ", "));
    if (found.lacking().nonEmpty()) {
      out.println("Not, for want of:");
      out.print(found.told());
    }
  }
}
