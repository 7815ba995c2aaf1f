package lossmith.cli;

import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.cli.table.PlotOption;
import lossmith.console.Output;
import lossmith.console.ShellWord;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.flow.OnPolicy;
import lossmith.dsl.print.Formula;
import lossmith.dsl.print.Listing;
import lossmith.dsl.schedule.Schedule;
import lossmith.objective.Objectives;
import lossmith.recipes.Recipe;
import lossmith.report.CurvePicture;
import lossmith.report.RatioCurve;
import lossmith.report.RecipeFacts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code show RECIPE}: formula, gradient, columns and parameters; all about it if asked. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Prints an objective's formula, gradient, columns and parameters.",
      "--plot draws the loss and the weight dL/dlog π of a token against the importance ratio, at A"
          + " = 1 and A = -1."
    })
public final class ShowCommand implements Callable<Integer> {
  private static final int POINTS = 400;

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "RECIPE",
      description = "a recipe, parts joined with +, a class, a Java file or an expression")
  private String name = "";

  @picocli.CommandLine.Option(names = "--latex", description = "formulas in LaTeX")
  private boolean latex;

  @picocli.CommandLine.Option(
      names = "--schedule",
      description = "how often the logits are read, and what must be known before")
  private boolean schedule;

  @picocli.CommandLine.Option(
      names = "--listing",
      description = "the nodes of the objective, one a line, and how they flow")
  private boolean listing;

  @picocli.CommandLine.Option(
      names = "--all",
      description = "everything: also the gradient at the logits, claims, differences, systems")
  private boolean all;

  @picocli.CommandLine.Mixin private final PlotOption plot = new PlotOption();

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  /**
   * The command.
   *
   * @param objectives the recipes it knows by name
   */
  public ShowCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public Integer call() throws IOException {
    Recipe recipe = objectives.named(name);
    Loss loss = recipe.loss(conventions.value());
    Output.check(plot.file().toList(), Objectives.files(List.of(name)));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    section(
        out,
        recipe.name() + ": " + recipe.title(),
        List.of(recipe.source().paper(), recipe.source().where(), recipe.source().url())
            .reject(String::isEmpty)
            .mkString("; "));
    section(out, "Conventions", conventions.shown());
    boolean some = schedule || listing || plot.asked();
    if (all || !some) {
      section(out, "Formula", latex ? Formula.latex(loss) : Formula.unicode(loss));
      gradient(out, loss, Surface.STATISTICS);
    }
    if (all) {
      gradient(out, loss, Surface.LOGITS);
    }
    if (all || !some) {
      section(out, "Columns", RecipeFacts.read(loss).mkString("\n"));
      section(out, "Parameters", RecipeFacts.parameters(loss).mkString("\n"));
    }
    if (all || listing) {
      section(out, "Listing", Listing.of(loss));
      section(out, "Flow", Flow.of(loss) + onPolicy(loss));
    }
    if (all || schedule) {
      section(out, "Schedule", Schedule.of(loss).toString());
    }
    if (plot.asked()) {
      plot(out, recipe.name(), loss);
    }
    if (all) {
      section(out, "Where this differs", recipe.deviations().mkString("\n"));
      section(out, "Declared, and checked by a law", RecipeFacts.claims(recipe).mkString("\n"));
      section(out, "In other systems", recipe.counterparts().mkString("\n"));
    } else if (!some) {
      out.println(
          "More: --listing, --schedule, or --all, also with the gradient at the logits, what is"
              + " claimed, and other systems; --plot draws it.");
    }
    return 0;
  }

  private void plot(PrintWriter out, String name, Loss loss) throws IOException {
    Seq<RatioCurve> curves =
        RatioCurve.of(loss, POINTS)
            .getOrElseThrow(
                why ->
                    Problem.of(
                            "plot",
                            name + ": " + why,
                            "an objective of the advantage and of probabilities of sampled tokens",
                            "score FILE --recipe "
                                + ShellWord.of(name)
                                + " --tokens TOKENS.parquet, for its weights on rollouts")
                        .exception());
    plot.draw(out, CurvePicture.charts(name, curves), List.of(CurvePicture.weight(name, curves)));
  }

  private void gradient(PrintWriter out, Loss loss, Surface surface) {
    BoundLoss bound = BoundLoss.of(loss, surface, RecipeFacts.columns(loss));
    Seq<String> lines = bound.gradients().toList().map(this::gradient);
    String text = lines.appendAll(statistics(loss, surface)).mkString("\n");
    section(
        out,
        "Gradient at the " + surface.name().toLowerCase(Locale.ROOT),
        numbered(StatisticsSplit.of(loss, RecipeFacts.columns(loss)), text));
  }

  /** What the statistics are that have no name of their own. */
  private Seq<String> statistics(Loss loss, Surface surface) {
    return surface == Surface.STATISTICS
        ? StatisticsSplit.of(loss, RecipeFacts.columns(loss))
            .statistics()
            .toList()
            .filter(statistic -> statistic._1.startsWith(StatisticsSplit.UNNAMED))
            .map(statistic -> "where " + statistic._1 + " = " + formula(statistic._2))
        : List.empty();
  }

  /** The same text, in which statistics without a name of their own have a number. */
  private static String numbered(StatisticsSplit cut, String text) {
    return cut.statistics()
        .keySet()
        .toList()
        .filter(name -> name.startsWith(StatisticsSplit.UNNAMED))
        .zipWithIndex()
        .foldLeft(
            text,
            (all, one) ->
                all.replace(
                    one._1.substring(StatisticsSplit.UNNAMED.length()),
                    String.valueOf(one._2 + 1)));
  }

  private String formula(Node node) {
    return latex ? Formula.latex(node) : Formula.unicode(node);
  }

  private static String onPolicy(Loss loss) {
    Seq<String> dead = OnPolicy.dead(loss);
    return dead.isEmpty()
        ? ""
        : "\nteaches nothing until the policy has moved: " + dead.mkString(", ");
  }

  private String gradient(Tuple2<String, Node> by) {
    return latex ? Formula.latex(by._1, by._2) : Formula.unicode(by._1, by._2);
  }

  private static void section(PrintWriter out, String head, String text) {
    if (!text.isBlank()) {
      out.println(head);
      text.lines().forEach(line -> out.println("  " + line));
      out.println();
    }
  }
}
