package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.bench.Bench;
import lossmith.bench.BenchSize;
import lossmith.bench.Figure;
import lossmith.bench.Plot;
import lossmith.bench.Rival;
import lossmith.bench.SizeSweep;
import lossmith.console.Output;
import lossmith.dsl.Problem;
import lossmith.objective.Objectives;
import lossmith.recipes.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: time and memory, side by side in one run. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a loss and its gradients at logits and at hidden states, beside the matrix products"
          + " alone, beside other programs where their commands are given, and recipes beside grpo."
    })
public final class BenchCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RECIPE", arity = "0..*", description = "compared with grpo")
  private java.util.List<String> names = java.util.List.of();

  @picocli.CommandLine.Option(
      names = "--rows",
      defaultValue = "1024",
      description = "tokens (default: ${DEFAULT-VALUE})")
  private int rows;

  @picocli.CommandLine.Option(
      names = "--vocabulary",
      defaultValue = "32768",
      description = "entries (default: ${DEFAULT-VALUE})")
  private int vocabulary;

  @picocli.CommandLine.Option(
      names = "--width",
      defaultValue = "1024",
      description = "hidden units (default: ${DEFAULT-VALUE})")
  private int width;

  @picocli.CommandLine.Option(
      names = "--runs",
      defaultValue = "9",
      description = "runs of which a median is taken (default: ${DEFAULT-VALUE})")
  private int runs;

  @picocli.CommandLine.Option(
      names = "--device",
      defaultValue = "CPU",
      description = "CPU or GPU:0 (default: ${DEFAULT-VALUE})")
  private String device = "CPU";

  @picocli.CommandLine.Option(
      names = "--kernel",
      paramLabel = "COMMAND",
      description =
          "a hand-written kernel, such as src/bench/floor; rows, vocabulary and threads are added")
  private @Nullable String kernel;

  @picocli.CommandLine.Option(
      names = "--torch",
      paramLabel = "COMMAND",
      description =
          "PyTorch, such as \"python src/bench/torch_peers.py\"; surface, way and size are added")
  private @Nullable String torch;

  @picocli.CommandLine.Option(
      names = "--plots",
      paramLabel = "FOLDER",
      description = "writes a plot of each sweep there, as SVG")
  private @Nullable Path plots;

  @picocli.CommandLine.Option(
      names = "--errors",
      description =
          "instead: how far float32 and bfloat16 are from float64, of the recipes or of all")
  private boolean errors;

  @picocli.CommandLine.Option(names = "--strict", description = "exit code 1 where one is short")
  private boolean strict;

  @picocli.CommandLine.Option(names = "--json", description = "JSON instead of a table")
  private boolean json;

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  /**
   * The command.
   *
   * @param objectives the recipes it knows by name
   */
  public BenchCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public Integer call() {
    Problem.throwAll(
        atLeast("--rows", rows, 2)
            .appendAll(atLeast("--vocabulary", vocabulary, 2))
            .appendAll(atLeast("--width", width, 1))
            .appendAll(atLeast("--runs", runs, 1)));
    Option.of(plots).forEach(this::check);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Seq<Figure> figures = List.empty();
    Bench bench =
        new Bench(
            new BenchSize(rows, vocabulary, width, runs, device), rivals(), conventions.value());
    Seq<Recipe> recipes = List.ofAll(names).map(objectives::named);
    var measured =
        errors
            ? bench.errors(recipes.isEmpty() ? objectives.all() : recipes)
            : bench.figures(objectives.named("grpo"), recipes, this::plot);
    for (Figure figure : measured) {
      figures = figures.append(figure);
      if (!json) {
        out.println(line(figure));
        out.flush();
      }
    }
    if (json) {
      out.println(tree(figures));
    }
    return strict && figures.exists(Figure::isShort) ? 1 : 0;
  }

  private static Seq<Problem> atLeast(String option, int given, int least) {
    return given >= least
        ? List.empty()
        : List.of(
            Problem.of(
                "option", option + " " + given, "a number ≥ " + least, option + " " + least));
  }

  private Seq<Rival> rivals() {
    return Option.of(kernel)
        .map(Rival::kernel)
        .toList()
        .appendAll(Option.of(torch).toList().flatMap(Rival::torch))
        .appendAll(Rival.libtorch());
  }

  /** The pictures that may be written there: a new one, and each that there is. */
  private void check(Path folder) {
    Seq<Path> inputs = Objectives.files(List.ofAll(names));
    Output.check(List.of(folder.resolve("plot.svg")), inputs);
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "*.svg")) {
      old.forEach(file -> Output.check(List.of(file), inputs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void plot(SizeSweep sweep) {
    if (plots == null) {
      return;
    }
    try {
      Output.write(plots.resolve(Plot.file(sweep)), Plot.svg(sweep));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(Figure figure) {
    return String.format(
        Locale.ROOT,
        "%-50s %10s %-8s %-12s %-5s  %s",
        figure.name(),
        number(figure.measured()),
        figure.unit(),
        goal(figure),
        figure.verdict(),
        figure.how());
  }

  /** Three places, or three digits where that would be nothing. */
  private static String number(double x) {
    boolean small = x != 0 && Math.abs(x) < 0.01;
    return String.format(Locale.ROOT, small ? "%.2e" : "%.3f", x);
  }

  private static String goal(Figure figure) {
    return bound("≥ ", figure.least()) + bound("≤ ", figure.most());
  }

  private static String bound(String sign, Option<Double> goal) {
    return goal.map(g -> sign + (g < 0.01 ? number(g) : String.valueOf(g)) + " ").getOrElse("");
  }

  private static String tree(Seq<Figure> figures) {
    var all = MAPPER.createArrayNode();
    for (Figure figure : figures) {
      ObjectNode node = all.addObject();
      node.put("name", figure.name());
      node.put("measured", figure.measured());
      node.put("unit", figure.unit());
      figure.least().forEach(goal -> node.put("at_least", goal));
      figure.most().forEach(goal -> node.put("at_most", goal));
      node.put("verdict", figure.verdict());
      node.put("how", figure.how());
    }
    return all.toPrettyString();
  }
}
