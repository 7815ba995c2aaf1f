package lossmith;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: {@code lossmith --help} lists what it can do. */
@Command(
    name = "lossmith",
    description = "Policy-optimisation losses as values: show, score, prove, compile.",
    mixinStandardHelpOptions = true,
    version = "lossmith 0.1.0-SNAPSHOT")
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  /**
   * Runs one command and leaves with its exit code.
   *
   * @param args what was typed
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
