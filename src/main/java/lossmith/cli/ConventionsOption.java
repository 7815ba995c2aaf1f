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

  /** A line that says so where the conventions are not the papers'. */
  String line() {
    return name.equals("paper") ? "" : "Conventions: those of " + name + ".\n";
  }

  Conventions value() {
    return Conventions.named(name);
  }
}
