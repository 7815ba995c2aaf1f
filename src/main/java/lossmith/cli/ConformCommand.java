package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.conform.CaseResult;
import lossmith.conform.GoldenReport;
import lossmith.conform.golden.ByRows;
import lossmith.conform.golden.GoldenFile;
import lossmith.conform.golden.Meaning;
import lossmith.conform.rollouts.Agreement;
import lossmith.conform.rollouts.Conformance;
import lossmith.console.Output;
import lossmith.console.TextTable;
import lossmith.dsl.Problem;
import lossmith.ops.memory.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conform FILE…} and {@code conform DIR}: other systems' results, case by case. */
@Command(
    name = "conform",
    mixinStandardHelpOptions = true,
    description =
        "Compares other systems' results with ours, case by case: those of golden files, or those"
            + " of a folder of rollouts with expected.json.")
public final class ConformCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Conformance.OtherSystem system;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "golden files, or one folder of rollouts")
  private @Nullable List<Path> paths;

  @picocli.CommandLine.Option(
      names = "--json",
      paramLabel = "FILE",
      description = "writes the table as JSON")
  private @Nullable Path json;

  @picocli.CommandLine.Option(
      names = "--surface",
      defaultValue = "whole",
      description =
          "how golden losses of logits are computed: whole, rows (a few at a time), or hidden (from"
              + " hidden states; default: ${DEFAULT-VALUE})")
  private String surface = "whole";

  /**
   * The command.
   *
   * @param system expresses the other system's losses
   */
  public ConformCommand(Conformance.OtherSystem system) {
    this.system = system;
  }

  @Override
  public Integer call() throws IOException {
    Option<Path> file = Option.of(json);
    Seq<Path> given = io.vavr.collection.List.ofAll(Objects.requireNonNull(paths));
    Output.check(file.toList(), given.flatMap(Conformance::files));
    return given.exists(Files::isDirectory) ? rollouts(given, file) : golden(given, file);
  }

  private int golden(Seq<Path> files, Option<Path> file) throws IOException {
    Meaning meaning = meaning();
    GoldenReport report =
        new GoldenReport(GoldenFile.read(files).map(one -> CaseResult.of(one, meaning)));
    out().print(TextTable.of(report.table()));
    report.failures().forEach(out()::println);
    write(file, report.json(MAPPER));
    return report.passes() ? 0 : UserErrors.FAILED;
  }

  private Meaning meaning() {
    return switch (surface) {
      case "whole" -> Meaning.TENSORFLOW;
      case "rows" -> ByRows.LOGITS;
      case "hidden" -> ByRows.HIDDEN;
      default ->
          throw Problem.of("surface", surface, "whole, rows or hidden", "--surface hidden")
              .exception();
    };
  }

  private int rollouts(Seq<Path> folders, Option<Path> file) throws IOException {
    if (folders.size() != 1) {
      throw Problem.of(
              "conform",
              folders.mkString(" "),
              "golden files, or one folder",
              "a folder in a call of its own")
          .exception();
    }
    Map<String, Seq<Agreement>> table = LinkedHashMap.empty();
    for (Precision precision : Precision.values()) {
      var cases = new Conformance(folders.head(), system, precision).run();
      String type = precision.name().toLowerCase(Locale.ROOT);
      table = cases.foldLeft(table, (all, one) -> all.put(one._1 + " " + type, one._2));
    }
    Seq<Seq<String>> rows = table.toList().map(row -> row(row._1, row._2));
    out()
        .print(
            TextTable.of(
                rows.prepend(
                    io.vavr.collection.List.of("case", "largest difference", "figure", "passes"))));
    Seq<Agreement> all = table.values().flatMap(figures -> figures).toList();
    out()
        .println(
            all.count(Agreement::isCompared)
                + " figures compared, "
                + all.count(figure -> !figure.isCompared())
                + " not.");
    table.forEach(
        (name, figures) ->
            figures
                .reject(Agreement::isCompared)
                .forEach(figure -> out().println("  - " + name + ": " + figure.figure())));
    write(file, json(table));
    return all.forAll(Agreement::holds) ? 0 : UserErrors.FAILED;
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private static void write(Option<Path> file, ObjectNode json) throws IOException {
    for (Path path : file) {
      Output.write(
          path, to -> MAPPER.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), json));
    }
  }

  private static Seq<String> row(String name, Seq<Agreement> figures) {
    Seq<Agreement> compared = figures.filter(Agreement::isCompared);
    Option<Agreement> worst =
        compared.reduceOption((a, b) -> b.difference() > a.difference() ? b : a);
    String verdict = compared.size() < figures.size() ? "not compared" : "yes";
    return io.vavr.collection.List.of(
        name,
        worst.map(one -> String.format(Locale.ROOT, "%.1e", one.difference())).getOrElse("-"),
        worst.map(Agreement::figure).getOrElse("-"),
        compared.forAll(Agreement::holds) ? verdict : "NO");
  }

  private static ObjectNode json(Map<String, Seq<Agreement>> table) {
    ObjectNode root = MAPPER.createObjectNode();
    for (var row : table) {
      ObjectNode one = root.putObject(row._1);
      row._2.forEach(figure -> one.put(figure.figure(), figure.difference()));
    }
    return root;
  }
}
