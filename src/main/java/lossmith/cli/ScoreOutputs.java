package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.cli.table.PlotOption;
import lossmith.dsl.Problem;
import org.jspecify.annotations.Nullable;

/** What {@code score} writes beside the scores. */
final class ScoreOutputs {
  @picocli.CommandLine.Option(
      names = "--tokens",
      paramLabel = "FILE.parquet",
      description =
          "writes (with --engine spark, to a folder of such files) for every recipe and token:"
              + " ratio (its term r, or s of a response), advantage (its term A), weight dL/dlog"
              + " pi, bounds (below, inside, above), entropy and its forecast, and what the token"
              + " is as text; null where there is none")
  private @Nullable Path tokens;

  @picocli.CommandLine.Option(
      names = "--gradient",
      paramLabel = "FILE.parquet",
      description =
          "writes for every row of FILE, in its order, and every recipe the list of dL/dlog pi of"
              + " its tokens; null at tokens that are not the policy's")
  private @Nullable Path gradient;

  @picocli.CommandLine.Option(
      names = "--top-tokens",
      paramLabel = "N",
      description =
          "prints for every recipe the N tokens with the largest |dL/dlog pi|, as text where FILE"
              + " has token_text or response, or with --vocabulary")
  private int topTokens;

  @picocli.CommandLine.Option(
      names = "--report",
      paramLabel = "FILE.html",
      description =
          "writes a page that needs no network: the table, and the responses that matter most as"
              + " text, each token coloured by entropy, advantage, dL/dlog pi, clip state, ratio or"
              + " forecast, objective by objective")
  private @Nullable Path report;

  @picocli.CommandLine.Mixin private final PlotOption plot = new PlotOption();

  PlotOption plot() {
    return plot;
  }

  Option<Path> tokens() {
    return Option.of(tokens);
  }

  Option<Path> gradient() {
    return Option.of(gradient);
  }

  Option<Path> report() {
    return Option.of(report);
  }

  int topTokens() {
    return topTokens;
  }

  Seq<Path> files() {
    return List.of(tokens, gradient, report).flatMap(Option::of).appendAll(plot.file());
  }

  /** {@return whether tokens are shown as text} */
  boolean readTexts() {
    return topTokens > 0 || report != null;
  }

  /** Refuses numbers out of their range. */
  void check() {
    if (topTokens < 0) {
      throw Problem.of(
              "top-tokens",
              "--top-tokens " + topTokens,
              "how many tokens of each recipe are printed, 0 or more",
              "--top-tokens 10")
          .exception();
    }
  }
}
