package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.check.CheckReport;
import lossmith.check.Recorded;
import lossmith.check.RolloutChecks;
import lossmith.cli.table.FormatOptions;
import lossmith.cli.table.FoundRows;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check FILE}: what is wrong with rollouts, before any loss sees them. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Says what is wrong with rollouts: impossible log-probs, logits that are not theirs,"
            + " policies that drifted apart, prompts and rewards that teach nothing. Of a file"
            + " larger than --memory holds the first prompts are looked at, and that is said.",
    footer = {
      "",
      "An error means that numbers cannot be right (exit code 1), a warning that they are probably"
          + " not, a note is a fact. Tokens that are masked count nowhere. Quantiles are linear"
          + " between order statistics."
    })
public final class CheckCommand implements Callable<Integer> {
  /** So many bytes of memory are there for each token that is looked at: 32 numbers. */
  private static final long BYTES = 256;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "the rollouts; of a folder, all files in it; @sample or nothing is the embedded sample")
  private java.util.List<Path> files = new java.util.ArrayList<>();

  @picocli.CommandLine.Option(
      names = "--logits",
      paramLabel = "FILE.npy",
      description = "logits of shape (tokens, vocabulary), with which log_prob is compared")
  private @Nullable Path logits;

  @picocli.CommandLine.Option(
      names = "--recorded-temperature",
      paramLabel = "T",
      defaultValue = "1",
      description = "temperature at which log_prob of FILE was taken (default: ${DEFAULT-VALUE})")
  private double recordedAt = 1;

  @picocli.CommandLine.Option(names = "--strict", description = "makes every warning an error")
  private boolean strict;

  @picocli.CommandLine.Mixin private final FormatOptions format = new FormatOptions();

  @picocli.CommandLine.Mixin private final ReadingOptions options = new ReadingOptions();

  @Override
  public Integer call() throws IOException {
    Seq<Path> paths = options.files(files);
    Reading reading = options.value().logits(Option.of(logits));
    Output.check(
        format.file().toList(), paths.appendAll(Option.of(logits)).appendAll(options.beside()));
    if (!BoundLoss.TEMPERATURE.contains(recordedAt)) {
      throw Problem.of(
              "parameter",
              "--recorded-temperature " + recordedAt,
              "a temperature of at least " + BoundLoss.TEMPERATURE.low(),
              "--recorded-temperature 1")
          .exception();
    }
    Rollouts all = read(paths, reading);
    Rollouts rollouts = all.first(reading.memory() / BYTES);
    Recorded recorded =
        new Recorded(rollouts, RowTexts.of(rollouts, reading, options.vocabulary()));
    CheckReport found =
        new CheckReport(
            ReadingOptions.told(files),
            recorded,
            all.pieces().size(Level.Name.SEQUENCE),
            RolloutChecks.all(recorded, recordedAt));
    CheckReport report = strict ? found.strict() : found;
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    ObjectNode tree = report.json(MAPPER);
    format.print(
        command,
        () -> FoundRows.of(tree, tree.path("findings")),
        () -> report.lines().forEach(command.getOut()::println));
    return report.fails() ? UserErrors.FAILED : 0;
  }

  private Rollouts read(Seq<Path> paths, Reading reading) {
    try (Progress progress = new Progress(Objects.requireNonNull(spec).commandLine().getErr())) {
      return RolloutFile.readAsWritten(
          paths,
          reading,
          RowTexts.names(reading),
          (done, all) -> progress.show("reading", "rows", done, all));
    }
  }
}
