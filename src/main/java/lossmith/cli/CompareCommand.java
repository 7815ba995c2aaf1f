package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.console.TextTable;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.objective.Objectives;
import lossmith.ops.Compile;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Recipe;
import lossmith.report.PageTable;
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
          + " over the tokens. Shares of sub-terms that act on each other do not add up to 100%."
    })
public final class CompareCommand implements Callable<Integer> {
  private static final int USUAL_TOKENS = 10;
  private static final double PERCENT = 100;

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
        Option.of(report).toList(),
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
    PageTable terms = terms(two, changes, differing.shares());
    PageTable tokens = tokens(two, changes, differing.found(), rollouts.texts());
    String facts =
        String.format(
            Locale.ROOT,
            "%s and %s differ at %d of %d tokens.",
            two.head()._1,
            two.last()._1,
            differing.differing(),
            differing.tokens());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    rollouts.notes().forEach(out::println);
    out.println(facts);
    terms.rows().forEach(row -> out.println(told(terms.head(), row)));
    out.println();
    out.print(TextTable.of(tokens.rows().prepend(tokens.head())));
    for (Path path : Option.of(report)) {
      ReportPage page =
          new ReportPage(
              two.head()._1 + " beside " + two.last()._1,
              rollouts.notes().append(facts),
              Option.none(),
              List.of(terms, tokens, ScoreReport.page(scores)),
              Option.some(microscope.found(all, Option.some(two.last()._1), rollouts.texts(), "")));
      Output.write(path, page.html());
      out.println("Report: " + path);
    }
    out.flush();
  }

  /** A sub-term on three lines, as formulas may be long. */
  private static String told(Seq<String> head, Seq<String> row) {
    return String.format(
        "%n%s of the difference by change %s, %s%n  %s: %s%n  %s: %s",
        row.get(1), row.get(0), row.get(2), head.get(3), row.get(3), head.get(4), row.get(4));
  }

  private String label(int change) {
    return first + ", change " + (change + 1);
  }

  private PageTable terms(
      Map<String, Loss> two, Seq<SubTermChange> changes, Map<String, Double> shares) {
    return new PageTable(
        "What differs",
        List.of("change", "share of the difference", "sub-term", two.head()._1, two.last()._1),
        changes
            .zipWithIndex()
            .sortBy(one -> -shares.getOrElse(label(one._2), 0.0))
            .map(
                one ->
                    List.of(
                        String.valueOf(one._2 + 1),
                        shares.get(label(one._2)).map(CompareCommand::percent).getOrElse("-"),
                        one._1.name(),
                        one._1.from(),
                        one._1.to())),
        "Each sub-term of "
            + two.last()._1
            + " is put into "
            + two.head()._1
            + " alone; its share is how far that goes from one to the other, summed over the"
            + " tokens.");
  }

  private PageTable tokens(
      Map<String, Loss> two,
      Seq<SubTermChange> changes,
      Seq<DifferingTokens.Token> found,
      RowTexts texts) {
    return new PageTable(
        "Where it differs most",
        List.of("token", "row", "entry", two.head()._1, two.last()._1, "most of it by"),
        found.map(
            token ->
                List.of(
                    texts.told((int) token.row(), token.entry(), token.entries()),
                    String.valueOf(token.row() + 1),
                    String.valueOf(token.entry() + 1),
                    TextTable.number(token.first()),
                    TextTable.number(token.second()),
                    cause(changes, token))),
        "dL/dlog π by each; where it is negative, descent makes the token more likely.");
  }

  /** The change that goes furthest towards the second objective at a token. */
  private String cause(Seq<SubTermChange> changes, DifferingTokens.Token token) {
    return Vector.range(0, changes.size())
        .flatMap(i -> token.share(label(i)).map(share -> io.vavr.Tuple.of(i, share)))
        .maxBy(one -> -Math.abs(1 - one._2))
        .map(one -> changes.get(one._1).name() + " (" + percent(one._2) + ")")
        .getOrElse("-");
  }

  private static String percent(double share) {
    return Math.round(PERCENT * share) + "%";
  }
}
