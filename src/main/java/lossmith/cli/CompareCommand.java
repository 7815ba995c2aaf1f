package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.cli.table.CompareReport;
import lossmith.cli.table.FormatOptions;
import lossmith.cli.table.ScoreReport;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.objective.Objectives;
import lossmith.ops.Compile;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Recipe;
import lossmith.report.ReportPage;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RowTexts;
import lossmith.score.DifferingTokens;
import lossmith.score.EnginePlace;
import lossmith.score.EngineRollouts;
import lossmith.score.HereEngine;
import lossmith.score.Scorer;
import lossmith.score.SubTermChange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare A B FILE}: where two objectives pull differently, and by which sub-term. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Compares two objectives on rollouts, token by token: where dL/dlog pi differs most, and"
          + " which sub-terms make it differ.",
      "Each sub-term of B is put into A alone; its share is how far that goes from A to B, summed"
          + " over the tokens. Shares of sub-terms that act on each other do not add up to 100%%."
    })
public final class CompareCommand implements Callable<Integer> {
  private static final int USUAL_TOKENS = 10;

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "an objective, as score reads it")
  private String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "another")
  private String second = "";

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "the rollouts; of a folder, all files in it; @sample or nothing is the embedded sample")
  private java.util.List<Path> files = new java.util.ArrayList<>();

  @picocli.CommandLine.Option(
      names = "--logits",
      paramLabel = "FILE.npy",
      description = "logits of shape (tokens, vocabulary), from which the policy is computed")
  private @Nullable Path logits;

  @picocli.CommandLine.Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "a parameter's value, of both")
  private java.util.Map<String, String> set = new java.util.LinkedHashMap<>();

  @picocli.CommandLine.Option(
      names = "--top-tokens",
      paramLabel = "N",
      defaultValue = "10",
      description = "how many tokens are printed (default: ${DEFAULT-VALUE})")
  private int topTokens = USUAL_TOKENS;

  @picocli.CommandLine.Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "writes the same as a page, with the responses as text")
  private @Nullable Path report;

  @picocli.CommandLine.Mixin private final FormatOptions format = new FormatOptions();

  @picocli.CommandLine.Mixin private final ReadingOptions reading = new ReadingOptions();

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  /**
   * The command.
   *
   * @param objectives the objectives it knows by name
   */
  public CompareCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public Integer call() throws IOException {
    Seq<Path> rolloutFiles = reading.files(files);
    Output.check(
        Option.of(report).toList().appendAll(format.file()),
        rolloutFiles
            .appendAll(Option.of(logits))
            .appendAll(reading.beside())
            .appendAll(Objectives.files(List.of(first, second))));
    if (topTokens < 1) {
      throw Problem.of("top-tokens", "--top-tokens " + topTokens, "1 or more", "--top-tokens 10")
          .exception();
    }
    Compile.prepare();
    Map<String, Loss> two = two();
    Seq<SubTermChange> changes = SubTermChange.between(two.head()._2, two.last()._2);
    Map<String, Loss> all =
        changes
            .zipWithIndex()
            .foldLeft(two, (losses, one) -> losses.put(label(one._2), one._1.hybrid()));
    Reading how = reading.value().wanting(all.values()).logits(Option.of(logits));
    try (Progress progress = new Progress(Objects.requireNonNull(spec).commandLine().getErr());
        EngineRollouts rollouts =
            new HereEngine(RowTexts.names(how), reading.vocabulary())
                .open(
                    rolloutFiles,
                    how,
                    EnginePlace.NOWHERE,
                    (done, rows) -> progress.show("reading", "rows", done, rows))) {
      compare(rollouts, two, changes, all, progress);
    }
    return 0;
  }

  private Map<String, Loss> two() {
    Recipe one = objectives.named(first);
    Recipe other = objectives.named(second);
    Map<String, Loss> two = ScoreCommand.losses(List.of(one, other), conventions.value());
    if (two.size() < 2 || two.head()._2.fingerprint().equals(two.last()._2.fingerprint())) {
      throw Problem.of(
              "compare",
              first + " and " + second + ", which are one objective",
              "two that differ",
              "compare grpo dapo FILE")
          .exception();
    }
    return two;
  }

  private void compare(
      EngineRollouts rollouts,
      Map<String, Loss> two,
      Seq<SubTermChange> changes,
      Map<String, Loss> all,
      Progress progress)
      throws IOException {
    Scorer scorer =
        rollouts.scorer(ParameterOptions.of(set, two.values()), Precision.FLOAT64, "CPU", 1);
    Map<String, Scorer.Ready> ready = Scorable.all(scorer.among(all.values()), all).ready();
    for (var without : ready.take(2).filterValues(one -> !one.hasGradient())) {
      throw Problem.of(
              "compare",
              without._1 + ", whose gradient is not one of log pi alone",
              "two objectives that weigh log pi of each token",
              "score, which compares their numbers")
          .exception();
    }
    DifferingTokens differing = rollouts.differing(two.head()._1, two.last()._1, topTokens);
    RolloutMicroscope microscope = new RolloutMicroscope(rollouts, all.size());
    var scores =
        scorer.scores(
            ready,
            differing.and(microscope.sink()),
            rollouts.budget(),
            (done, pieces) -> progress.show("scoring", "pieces", done, pieces));
    progress.close();
    CompareReport found =
        new CompareReport(
            two.head()._1, two.last()._1, changes, this::label, differing, rollouts.texts());
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    PrintWriter said = format.said(command);
    rollouts.notes().forEach(said::println);
    said.println(found.facts());
    format.print(command, found::rows, () -> said.print(found.text()));
    for (Path path : Option.of(report)) {
      ReportPage page =
          new ReportPage(
              two.head()._1 + " beside " + two.last()._1,
              rollouts.notes().append(found.facts()),
              Option.none(),
              List.of(found.terms(), found.tokens(), ScoreReport.page(scores)),
              Option.some(microscope.found(all, Option.some(two.last()._1), rollouts.texts(), "")));
      Output.write(path, page.html());
      said.println("Report: " + path);
    }
    said.flush();
  }

  private String label(int change) {
    return first + ", change " + (change + 1);
  }
}
