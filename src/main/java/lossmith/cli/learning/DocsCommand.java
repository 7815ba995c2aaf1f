package lossmith.cli.learning;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.console.Output;
import lossmith.report.DocsPage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code docs}: the documentation on one page. */
@Command(
    name = "docs",
    mixinStandardHelpOptions = true,
    description = "Writes the documentation to one HTML page, which is searched without a network.")
public final class DocsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to (default: ${DEFAULT-VALUE})",
      defaultValue = "docs.html")
  private Path out = Path.of("docs.html");

  @Override
  public Integer call() throws IOException {
    Output.check(List.of(out), List.empty());
    Output.write(out, DocsPage.html());
    Objects.requireNonNull(spec).commandLine().getOut().println("written to " + out);
    return 0;
  }
}
