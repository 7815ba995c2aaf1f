package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.cli.table.FormatOptions;
import lossmith.cli.table.FoundRows;
import lossmith.cli.table.ScoreDrawing;
import lossmith.cli.table.ScoreReport;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Loss;
import lossmith.objective.Objectives;
import lossmith.ops.Compile;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.report.ReportPage;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.RowTexts;
import lossmith.score.EngineRollouts;
import lossmith.score.HereEngine;
import lossmith.score.InfluentialTokens;
import lossmith.score.Scorer;
import lossmith.score.TokenOutput;
import lossmith.score.TokenSink;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code score FILE}: the loss, metrics and gradient norm of rollouts under recipes. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Scores rollouts (JSONL, JSON, CSV, Parquet, Arrow) under one or more recipes.",
      "--plot draws dL/dlog pi of tokens, some of them where there are many, against their"
          + " importance ratio, by the sign of the advantage, a picture for each recipe."
    },
    footer = {
      "",
      "The columns, and their names in JSON, CSV and Markdown where these differ:",
      "below, above: share of tokens where something that is clipped lies beyond a bound.",
      "clip frac low, clip frac high (clip_fraction_low, clip_fraction_high): a recipe's metrics of"
          + " that name, share of tokens beyond a bound that their advantage pushes further out.",
      "KL (kl): mean of old_log_prob - log_prob. |grad|, zero grad (gradient_norm, zero_gradient):"
          + " norm of dL/dlog pi, share of tokens where it is 0.",
      "dH natural, dH logits (forecast_natural, forecast_logits): change of the summed entropy by a"
          + " step of unit size, to first order.",
      "saturated: number of tokens with an exponent so large that it is clamped, with slope 0;"
          + " shown if there are any.",
      "With --logits, log_prob, entropy and all other statistics of the policy are computed from"
          + " them at the temperature, for all recipes; a column that disagrees with them is an"
          + " error.",
    })
public final class ScoreCommand implements Callable<Integer> {

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "the rollouts; of a folder, all files in it; @sample or nothing is the embedded sample")
  private java.util.List<Path> files = new java.util.ArrayList<>();

  @picocli.CommandLine.Option(
      names = "--recipe",
      paramLabel = "NAMES",
      defaultValue = "all",
      description =
          "names of recipes or classes, parts joined with +, Java files or expressions, separated"
              + " by commas; or all (default: ${DEFAULT-VALUE})")
  private String recipe = "all";

  @picocli.CommandLine.Option(
      names = "--logits",
      paramLabel = "FILE.npy",
      description = "logits of shape (tokens, vocabulary), from which the policy is computed")
  private @Nullable Path logits;

  @picocli.CommandLine.Option(
      names = "--recorded-temperature",
      paramLabel = "T",
      defaultValue = "1",
      description =
          "temperature at which log_prob and entropy of FILE were taken (default:"
              + " ${DEFAULT-VALUE})")
  private double recorded = 1;

  @picocli.CommandLine.Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "a parameter's value; temperature, with --logits, is that of the policy (default: as"
              + " recorded)")
  private java.util.Map<String, String> set = new java.util.LinkedHashMap<>();

  @picocli.CommandLine.Option(names = "--float32", description = "single precision")
  private boolean float32;

  @picocli.CommandLine.Option(
      names = "--device",
      defaultValue = "CPU",
      description = "CPU or GPU:0 (default: ${DEFAULT-VALUE})")
  private String device = "CPU";

  @picocli.CommandLine.Mixin private final ScoreOutputs outputs = new ScoreOutputs();

  @picocli.CommandLine.Mixin private final FormatOptions format = new FormatOptions();

  @picocli.CommandLine.Mixin private final ReadingOptions reading = new ReadingOptions();

  @picocli.CommandLine.Mixin private final EngineOptions engine = new EngineOptions();

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  /**
   * The command.
   *
   * @param objectives the objectives it knows by name
   */
  public ScoreCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public Integer call() throws IOException {
    Seq<Path> rolloutFiles = reading.files(files);
    Output.check(outputs.files().appendAll(format.file()), inputs(rolloutFiles));
    engine.check(
        outputs.gradient().isDefined(),
        outputs.readTexts() || reading.hasVocabulary(),
        outputs.plot().asked());
    Compile.prepare();
    RolloutFile.prepare(rolloutFiles.map(Path::toString));
    Map<String, Loss> losses = losses(objectives.select(recipe), conventions.value());
    Map<String, Double> parameters = ParameterOptions.of(set, losses.values());
    outputs.check();
    try (Progress progress = new Progress(Objects.requireNonNull(spec).commandLine().getErr())) {
      score(rolloutFiles, losses, parameters, progress);
    }
    return 0;
  }

  private void score(
      Seq<Path> rolloutFiles,
      Map<String, Loss> losses,
      Map<String, Double> parameters,
      Progress progress)
      throws IOException {
    Reading how = reading.value().wanting(losses.values()).logits(Option.of(logits));
    HereEngine here =
        new HereEngine(
            outputs.readTexts() || outputs.tokens().isDefined()
                ? RowTexts.names(how)
                : List.empty(),
            reading.vocabulary());
    try (EngineRollouts rollouts =
        engine
            .value(here)
            .open(
                rolloutFiles,
                how,
                engine.place(outputs.tokens()),
                (done, all) -> progress.show("reading", "rows", done, all))) {
      score(rollouts, losses, parameters, progress);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void score(
      EngineRollouts rollouts,
      Map<String, Loss> losses,
      Map<String, Double> parameters,
      Progress progress)
      throws IOException {
    Precision precision = float32 ? Precision.FLOAT32 : Precision.FLOAT64;
    Scorer scorer = rollouts.scorer(parameters, precision, device, recorded);
    Option<Path> tokenPlace = outputs.tokens();
    Option<Path> gradientFile = outputs.gradient();
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    PrintWriter said = format.said(command);
    Option<InfluentialTokens> influential =
        Option.when(outputs.topTokens() > 0, () -> rollouts.influential(outputs.topTokens()));
    Option<RolloutMicroscope> microscope =
        outputs.report().map(path -> new RolloutMicroscope(rollouts, losses.size()));
    ScoreDrawing drawing = new ScoreDrawing(outputs.plot(), losses.size());
    try (TokenOutput rows = rollouts.tokens();
        TokenOutput gradients = rollouts.gradients()) {
      boolean lenient = recipe.equals("all");
      CheckLine check = CheckLine.begun(files, rollouts);
      TokenSink sink =
          (tokenPlace.isDefined() ? rows : TokenSink.NONE)
              .and(gradientFile.isDefined() ? gradients : TokenSink.NONE)
              .and(influential.<TokenSink>map(tokens -> tokens).getOrElse(TokenSink.NONE))
              .and(microscope.<TokenSink>map(RolloutMicroscope::sink).getOrElse(TokenSink.NONE))
              .and(drawing.sink());
      Ranking ranking =
          Ranking.of(
              scorer,
              losses,
              lenient,
              sink,
              rollouts.budget(),
              (done, all) -> progress.show("scoring", "pieces", done, all));
      progress.close();
      drawing.check(ranking.ready());
      for (Path path : tokenPlace) {
        rows.write(path);
      }
      for (Path path : gradientFile) {
        gradients.write(path);
      }
      var tree = ScoreReport.json(ranking.scores(), parameters, scorer);
      tree.put("conventions", conventions.name());
      rollouts.notes().forEach(tree.putArray("rollouts")::add);
      for (Path path : outputs.report()) {
        ReportPage page =
            new ReportPage(
                "Scores of "
                    + (files.isEmpty()
                        ? "the sample"
                        : List.ofAll(files).map(Path::getFileName).mkString(" ")),
                rollouts.notes(),
                Option.none(),
                List.of(ScoreReport.page(ranking.scores())),
                microscope.map(
                    collected ->
                        collected.found(
                            losses.filterKeys(ranking.ready()::containsKey),
                            Option.none(),
                            rollouts.texts(),
                            "")));
        Output.write(path, page.html());
      }
      rollouts.notes().forEach(said::println);
      check.lines().forEach(said::println);
      format.print(
          command,
          () -> FoundRows.of(tree, tree.path("scores")),
          () -> ranking.print(said, "'recipes --for FILE' says which."));
      said.print(ScoreReport.policy(scorer));
      if (!conventions.shown().isEmpty()) {
        said.println("Conventions: " + conventions.shown() + ".");
      }
      influential.forEach(found -> said.print(TokenTable.of(found, rollouts.texts())));
      Seq<Map<String, String>> notes = ranking.ready().values().map(Scorer.Ready::tokenNotes);
      tokenPlace.forEach(path -> said.print(ScoreReport.columns(path, notes)));
      Map<String, Scorer.Ready> without = ranking.ready().filterValues(one -> !one.hasGradient());
      if (gradientFile.isDefined() && without.nonEmpty()) {
        said.println(
            "No gradient of log pi alone, so null in "
                + gradientFile.get()
                + ": "
                + without.keySet().mkString(", ")
                + ".");
      }
      drawing.draw(said, ranking.ready());
      outputs.report().forEach(path -> said.println("Report: " + path));
      said.flush();
    }
  }

  private Seq<Path> inputs(Seq<Path> rolloutFiles) {
    return rolloutFiles
        .appendAll(Option.of(logits))
        .appendAll(reading.beside())
        .appendAll(Objectives.files(List.of(recipe)));
  }

  static Map<String, Loss> losses(Seq<Recipe> recipes, Conventions conventions) {
    return recipes.foldLeft(
        LinkedHashMap.empty(), (all, r) -> all.put(r.name(), r.loss(conventions)));
  }
}
