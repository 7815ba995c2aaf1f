package lossmith.cli;

import lossmith.recipes.Conventions;
import picocli.CommandLine.Option;

/** {@code --conventions NAME}, the same for every command that makes a loss of a recipe. */
final class ConventionsOption {
  @Option(
      names = "--conventions",
      paramLabel = "NAME",
      defaultValue = "paper",
      description =
          "what papers and trainers choose differently (clamps, what is added to denominators,"
              + " ddof, aggregation): paper, verl, trl or openrlhf (default: ${DEFAULT-VALUE})")
  private String name = "paper";

  String name() {
    return name;
  }

  /** The line to print about them; empty for the papers' own, the default. */
  String shown() {
    return name.equals("paper") ? "" : "those of " + name;
  }

  Conventions value() {
    return Conventions.named(name);
  }
}
