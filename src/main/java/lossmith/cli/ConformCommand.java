package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.conform.Agreement;
import lossmith.conform.Conformance;
import lossmith.ops.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conform DIR}: other systems' results, case by case. */
@Command(
    name = "conform",
    mixinStandardHelpOptions = true,
    description =
        "Compares every case of a folder (rollouts and expected.json) with its expected results.")
public final class ConformCommand implements Callable<Integer> {
  private final Conformance.Peer peer;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "the folder")
  private @Nullable Path folder;

  @picocli.CommandLine.Option(
      names = "--json",
      paramLabel = "FILE",
      description = "writes the table as JSON")
  private @Nullable Path json;

  /**
   * The command.
   *
   * @param peer expresses the peer's losses
   */
  public ConformCommand(Conformance.Peer peer) {
    this.peer = peer;
  }

  @Override
  public Integer call() throws IOException {
    Option<Path> file = Option.of(json);
    file.peek(Output::check);
    Map<String, Seq<Agreement>> table = LinkedHashMap.empty();
    for (Precision precision : Precision.values()) {
      var cases = new Conformance(Objects.requireNonNull(folder), peer, precision).run();
      String type = precision.name().toLowerCase(Locale.ROOT);
      table = cases.foldLeft(table, (all, one) -> all.put(one._1 + " " + type, one._2));
    }
    Map<String, Seq<Agreement>> whole = table;
    Seq<Seq<String>> rows = table.toList().map(row -> row(row._1, row._2));
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .print(
            TextTable.of(rows.prepend(List.of("case", "largest difference", "figure", "passes"))));
    ObjectMapper mapper = new ObjectMapper();
    for (Path path : file) {
      Output.write(
          path,
          to ->
              mapper.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), json(mapper, whole)));
    }
    return table.values().forAll(figures -> figures.forAll(Agreement::holds)) ? 0 : Mistakes.FAILED;
  }

  private static Seq<String> row(String name, Seq<Agreement> figures) {
    Agreement worst = figures.reduce((a, b) -> b.difference() > a.difference() ? b : a);
    String difference = String.format(Locale.ROOT, "%.1e", worst.difference());
    return List.of(
        name, difference, worst.figure(), figures.forAll(Agreement::holds) ? "yes" : "NO");
  }

  private static ObjectNode json(ObjectMapper mapper, Map<String, Seq<Agreement>> table) {
    ObjectNode root = mapper.createObjectNode();
    for (var row : table) {
      ObjectNode one = root.putObject(row._1);
      row._2.forEach(figure -> one.put(figure.figure(), figure.difference()));
    }
    return root;
  }
}
