package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import lossmith.console.Output;
import lossmith.objective.Objectives;
import lossmith.recipes.Recipe;
import lossmith.report.CataloguePage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code catalogue}: every objective on one page. */
@Command(
    name = "catalogue",
    mixinStandardHelpOptions = true,
    description =
        "Writes every recipe and part, with formula, gradient and curve, to one HTML page.")
public final class CatalogueCommand implements Runnable {
  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to (default: ${DEFAULT-VALUE})",
      defaultValue = "catalogue.html")
  private Path out = Path.of("catalogue.html");

  @Option(
      names = "--recipe",
      paramLabel = "NAMES",
      description =
          "objectives of your own that are added: classes, Java files, expressions or parts joined"
              + " with +, separated by commas")
  private String recipe = "";

  /**
   * The command.
   *
   * @param objectives the recipes it writes
   */
  public CatalogueCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public void run() {
    Seq<Recipe> own = recipe.isEmpty() ? List.empty() : objectives.select(recipe);
    Output.check(List.of(out), Objectives.files(List.of(recipe)));
    String page = CataloguePage.of(objectives.families(own));
    try {
      Output.write(out, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Objects.requireNonNull(spec).commandLine().getOut().println("written to " + out);
  }
}
