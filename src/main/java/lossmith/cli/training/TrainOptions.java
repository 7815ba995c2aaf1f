package lossmith.cli.training;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Try;
import lossmith.dsl.Problem;
import lossmith.lab.Controllers;
import lossmith.lab.TrainingSettings;
import lossmith.recipes.control.AdaptiveEntropy;
import lossmith.recipes.control.AdaptiveKl;
import org.jspecify.annotations.Nullable;

/** How a policy is trained, as options. */
public final class TrainOptions {
  /** Over how many responses an error of the divergence acts. */
  private static final double HORIZON = 10_000;

  @picocli.CommandLine.Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "150",
      description = "batches that are sampled (default: ${DEFAULT-VALUE})")
  private int steps;

  @picocli.CommandLine.Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "0",
      description = "tokens after which no further batch is sampled; 0 for any (default: 0)")
  private long tokens;

  @picocli.CommandLine.Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "of prompts and responses; the same seed gives the same numbers (default: 1)")
  private long seed;

  @picocli.CommandLine.Option(
      names = "--prompts",
      paramLabel = "N",
      defaultValue = "16",
      description = "prompts of a batch (default: ${DEFAULT-VALUE})")
  private int prompts;

  @picocli.CommandLine.Option(
      names = "--group",
      paramLabel = "G",
      defaultValue = "8",
      description = "responses to each prompt (default: ${DEFAULT-VALUE})")
  private int group;

  @picocli.CommandLine.Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1",
      description = "of sampling and of the objective (default: ${DEFAULT-VALUE})")
  private double temperature;

  @picocli.CommandLine.Option(
      names = "--minibatches",
      paramLabel = "N",
      defaultValue = "4",
      description = "updates by a batch, each by a part of its prompts (default: ${DEFAULT-VALUE})")
  private int minibatches;

  @picocli.CommandLine.Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "1",
      description = "times that a batch is gone through (default: ${DEFAULT-VALUE})")
  private int epochs;

  @picocli.CommandLine.Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "0.0003",
      description = "of Adam (default: ${DEFAULT-VALUE})")
  private double rate;

  @picocli.CommandLine.Option(
      names = "--clip-norm",
      paramLabel = "NORM",
      defaultValue = "1",
      description = "the largest norm of a gradient (default: ${DEFAULT-VALUE})")
  private double norm;

  @picocli.CommandLine.Option(
      names = "--gamma",
      paramLabel = "G",
      defaultValue = "1",
      description = "discount of a critic's returns, for each token (default: ${DEFAULT-VALUE})")
  private double gamma;

  @picocli.CommandLine.Option(
      names = "--gae-lambda",
      paramLabel = "L",
      defaultValue = "0.95",
      description = "lambda of GAE in a critic's returns (default: ${DEFAULT-VALUE})")
  private double lambda;

  @picocli.CommandLine.Option(
      names = "--reset-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "steps after which the reference becomes the policy; 0 for never (default: 0)")
  private int resetEvery;

  @picocli.CommandLine.Option(
      names = "--evaluate-every",
      paramLabel = "N",
      defaultValue = "25",
      description = "steps after which held-out prompts are answered (default: ${DEFAULT-VALUE})")
  private int every;

  @picocli.CommandLine.Option(
      names = "--held-out",
      paramLabel = "N",
      defaultValue = "64",
      description = "held-out prompts (default: ${DEFAULT-VALUE})")
  private int heldOut;

  @picocli.CommandLine.Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "16",
      description = "responses to each held-out prompt (default: ${DEFAULT-VALUE})")
  private int samples;

  @picocli.CommandLine.Option(
      names = "--k",
      paramLabel = "K,…",
      defaultValue = "8",
      description = "tries of pass@k, one k or several (default: ${DEFAULT-VALUE})")
  private String tries = "8";

  @picocli.CommandLine.Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "a parameter of the objective")
  private java.util.Map<String, String> set = new java.util.LinkedHashMap<>();

  @picocli.CommandLine.Option(
      names = "--adaptive-kl",
      paramLabel = "NAME=TARGET",
      description = "the parameter NAME follows the divergence from the reference, in nats a token")
  private @Nullable String kl;

  @picocli.CommandLine.Option(
      names = "--adaptive-entropy",
      paramLabel = "NAME=TARGET",
      description = "the parameter NAME follows the entropy, in nats a token")
  private @Nullable String entropy;

  /** Text, because of an option that is typed twice the last counts. */
  private Seq<Integer> tries() {
    Seq<Option<Integer>> each =
        List.of(tries.split(",", -1))
            .map(k -> Try.of(() -> Integer.parseInt(k.strip())).toOption());
    return Option.sequence(each)
        .getOrElseThrow(
            () ->
                Problem.of(
                        "k",
                        "--k " + tries,
                        "whole numbers, separated by commas",
                        "--k 8 or --k 8,32")
                    .exception());
  }

  /** {@return the values of parameters as they are written, by name} */
  public java.util.Map<String, String> set() {
    return set;
  }

  /** {@return the settings of a run, whose objective has these parameters} */
  public TrainingSettings settings(Map<String, Double> parameters) {
    return new TrainingSettings(
        seed,
        steps,
        tokens,
        new TrainingSettings.Sampling(prompts, group, temperature),
        new TrainingSettings.Updating(minibatches, epochs, rate, norm, resetEvery),
        new TrainingSettings.Measuring(every, heldOut, samples, tries()),
        new TrainingSettings.Discounting(gamma, lambda),
        parameters);
  }

  /** {@return what moves coefficients between steps} */
  public Controllers controllers() {
    AdaptiveEntropy usual = AdaptiveEntropy.trl();
    return new Controllers(
        Option.of(kl)
            .map(
                written ->
                    moved("--adaptive-kl", written, target -> new AdaptiveKl(target, HORIZON))),
        Option.of(entropy)
            .map(
                written ->
                    moved(
                        "--adaptive-entropy",
                        written,
                        target ->
                            new AdaptiveEntropy(target, usual.step(), usual.low(), usual.high()))));
  }

  private static <R> Controllers.Moved<R> moved(
      String option, String written, java.util.function.DoubleFunction<R> rule) {
    String[] parts = written.split("=", -1);
    if (parts.length == 2 && !parts[0].isBlank()) {
      try {
        return new Controllers.Moved<>(
            parts[0].strip(), rule.apply(Double.parseDouble(parts[1].strip())));
      } catch (NumberFormatException e) {
        throw unreadable(option, written);
      }
    }
    throw unreadable(option, written);
  }

  private static RuntimeException unreadable(String option, String written) {
    return Problem.of(
            "controller",
            option + " " + written,
            "a parameter and a target, NAME=TARGET",
            option + " beta=0.05")
        .exception();
  }
}
