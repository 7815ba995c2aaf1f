package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.rollouts.RolloutFile;
import lossmith.score.Scorer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code score FILE}: what objectives make of rollouts. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = "Scores rollouts (JSONL, JSON, CSV, Parquet) under one or more recipes.",
    footer = {
      "",
      "clip low, clip high: share of tokens whose clipped quantity lies beyond a bound.",
      "KL: mean of old_log_prob - log_prob. |grad|, zero grad: norm of dL/dlog pi, share of tokens where it is 0.",
      "dH natural, dH logits: change of the summed entropy by a step of unit size, to first order."
    })
public final class ScoreCommand implements Callable<Integer> {
  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "the rollouts")
  private @Nullable Path file;

  @picocli.CommandLine.Option(
      names = "--recipe",
      defaultValue = "all",
      description =
          "names separated by commas, all, or names of classes (default: ${DEFAULT-VALUE})")
  private String recipe = "all";

  @picocli.CommandLine.Option(
      names = "--logits",
      paramLabel = "FILE.npy",
      description = "logits of shape (tokens, vocabulary)")
  private @Nullable Path logits;

  @picocli.CommandLine.Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "a parameter's value")
  private java.util.Map<String, String> set = new java.util.LinkedHashMap<>();

  @picocli.CommandLine.Option(
      names = "--json",
      paramLabel = "FILE",
      description = "writes the scores as JSON")
  private @Nullable Path json;

  @picocli.CommandLine.Option(
      names = "--tokens",
      paramLabel = "FILE.parquet",
      description =
          "writes every token's ratio, advantage, weight dL/dlog pi, clip state, entropy and its forecast")
  private @Nullable Path tokens;

  @picocli.CommandLine.Option(names = "--float32", description = "single precision")
  private boolean float32;

  @picocli.CommandLine.Option(
      names = "--device",
      defaultValue = "CPU",
      description = "CPU or GPU:0 (default: ${DEFAULT-VALUE})")
  private String device = "CPU";

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
    Option<Path> jsonFile = Option.of(json);
    Option<Path> tokenFile = Option.of(tokens);
    jsonFile.peek(Output::check);
    tokenFile.peek(Output::check);
    Map<String, Loss> losses = losses(objectives.select(recipe));
    Map<String, Double> settings = Settings.of(set, losses.values());
    Samples samples = RolloutFile.read(Objects.requireNonNull(file), Option.of(logits));
    Precision precision = float32 ? Precision.FLOAT32 : Precision.FLOAT64;
    Scorer scorer = new Scorer(samples, settings, precision, device);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Ranking ranking = Ranking.of(scorer, losses, recipe.equals("all"));
    for (Path path : tokenFile) {
      Output.write(path, to -> TokenFile.write(to, samples, ranking.scored(losses), scorer));
    }
    ObjectMapper mapper = new ObjectMapper();
    var tree = ScoreReport.json(mapper, ranking.scores(), settings);
    for (Path path : jsonFile) {
      Output.write(
          path, to -> mapper.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), tree));
    }
    ranking.print(out);
    return 0;
  }

  static Map<String, Loss> losses(Seq<Recipe> recipes) {
    return recipes.foldLeft(
        LinkedHashMap.empty(), (all, r) -> all.put(r.name(), r.loss(Conventions.paper())));
  }
}
