package lossmith.cli;

import io.vavr.collection.List;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import lossmith.console.Output;
import lossmith.objective.Objectives;
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
    description = "Writes every recipe and part, with formula and gradient, to one HTML page.")
public final class CatalogueCommand implements Runnable {
  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to (default: ${DEFAULT-VALUE})",
      defaultValue = "catalogue.html")
  private Path out = Path.of("catalogue.html");

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
    Output.check(List.of(out), List.empty());
    String page = CataloguePage.of(objectives.all());
    try {
      Output.write(out, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Objects.requireNonNull(spec).commandLine().getOut().println("written to " + out);
  }
}
