package lossmith.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.cli.table.FormatOptions;
import lossmith.cli.table.FoundRows;
import lossmith.cli.table.PlotOption;
import lossmith.console.Output;
import lossmith.console.TextTable;
import lossmith.report.Chart;
import lossmith.rollouts.EntropyRewards;
import lossmith.score.EntropyFit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fit FILE}: what reward a run pays for its entropy. */
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    description = {
      "Fits R = -a exp(H) + b to points of a run (Entropy Collapse, eq 3).",
      "FILE is JSONL, JSON, CSV, Parquet or Arrow with the columns entropy (nats) and reward, a row"
          + " per point. --plot draws the points and the fit."
    },
    footer = {
      "",
      "Least squares in exp(H); the intervals are Student's t, for independent errors of one"
          + " variance."
    })
public final class FitCommand implements Callable<Integer> {
  private static final double CONFIDENCE = 0.95;
  private static final int STEPS = 100;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "the points")
  private @Nullable Path file;

  @picocli.CommandLine.Option(
      names = "--confidence",
      paramLabel = "SHARE",
      description = "of the intervals (default: 0.95)")
  private double confidence = CONFIDENCE;

  @picocli.CommandLine.Mixin private final FormatOptions format = new FormatOptions();

  @picocli.CommandLine.Mixin private final PlotOption plot = new PlotOption();

  /** The command. */
  public FitCommand() {}

  @Override
  public Integer call() throws IOException {
    Output.check(plot.file().toList().appendAll(format.file()), Option.of(file).toList());
    EntropyRewards points = EntropyRewards.read(Objects.requireNonNull(file));
    EntropyFit fit = EntropyFit.of(numbers(points.entropy()), numbers(points.reward()), confidence);
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    ObjectNode tree = tree(fit);
    format.print(
        command, () -> new FoundRows(tree, rows(tree)), () -> print(command.getOut(), fit));
    if (plot.asked()) {
      Seq<Chart> charts = List.of(chart(points, fit));
      plot.draw(format.said(command), charts, charts);
    }
    return 0;
  }

  private static void print(PrintWriter out, EntropyFit fit) {
    out.println("R = -a exp(H) + b, from " + fit.pairs() + " points");
    Seq<Seq<String>> rows =
        List.of(
            List.of("", "value", "low", "high"),
            row("a", fit.a()),
            row("b", fit.b()),
            List.of("R^2", TextTable.number(fit.rSquared())));
    out.print(TextTable.of(rows));
    if (fit.rSquared().isEmpty()) {
      out.println("R^2 is undefined where all rewards are equal.");
    }
  }

  /** A row for each number that is estimated, as the table has them. */
  private static Seq<JsonNode> rows(ObjectNode tree) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return List.of("a", "b")
        .<JsonNode>map(
            name -> nodes.objectNode().put("name", name).setAll((ObjectNode) tree.path(name)))
        .append(nodes.objectNode().put("name", "r_squared").set("value", tree.path("r_squared")));
  }

  private static Chart chart(EntropyRewards points, EntropyFit fit) {
    Seq<Chart.Dot> dots = points.entropy().zip(points.reward()).map(p -> new Chart.Dot(p._1, p._2));
    double low = dots.map(Chart.Dot::x).min().get();
    double high = dots.map(Chart.Dot::x).max().get();
    Seq<Chart.Dot> line =
        List.rangeClosed(0, STEPS)
            .map(step -> low + (high - low) * step / STEPS)
            .map(h -> new Chart.Dot(h, fit.b().value() - fit.a().value() * Math.exp(h)));
    return new Chart(
        "R = -a exp(H) + b",
        Chart.Axis.of("entropy H, nats"),
        Chart.Axis.of("reward R"),
        List.empty(),
        List.of(
            new Chart.Series("points", Chart.Kind.PLUS, false, dots),
            new Chart.Series("fit", Chart.Kind.MINUS, true, line)));
  }

  private static Seq<String> row(String name, EntropyFit.Estimate estimate) {
    return List.of(
        name,
        TextTable.number(estimate.value()),
        TextTable.number(estimate.low()),
        TextTable.number(estimate.high()));
  }

  private ObjectNode tree(EntropyFit fit) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    put(root.putObject("a"), fit.a());
    put(root.putObject("b"), fit.b());
    root.put("r_squared", fit.rSquared().getOrNull());
    root.put("pairs", fit.pairs());
    root.put("confidence", confidence);
    return root;
  }

  private static void put(ObjectNode node, EntropyFit.Estimate estimate) {
    node.put("value", estimate.value());
    node.put("low", estimate.low());
    node.put("high", estimate.high());
  }

  private static double[] numbers(Seq<Double> values) {
    return values.toJavaStream().mapToDouble(Double::doubleValue).toArray();
  }
}
