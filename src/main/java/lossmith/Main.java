package lossmith;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import lossmith.cli.BenchCommand;
import lossmith.cli.CatalogueCommand;
import lossmith.cli.CheckCommand;
import lossmith.cli.ConformCommand;
import lossmith.cli.FitCommand;
import lossmith.cli.ProveCommand;
import lossmith.cli.RecipesCommand;
import lossmith.cli.ScoreCommand;
import lossmith.cli.ShowCommand;
import lossmith.cli.Tour;
import lossmith.cli.UserErrors;
import lossmith.objective.Objectives;
import lossmith.ops.runtime.TensorFlowRuntime;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.verl.VerlLosses;
import lossmith.recipes.verl.VerlSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: {@code lossmith --help} lists what it can do. */
@Command(
    name = "lossmith",
    description = "Policy-optimisation losses as values: shown, proved, scored on real rollouts.",
    mixinStandardHelpOptions = true,
    version = "lossmith 0.1.0-SNAPSHOT",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:fine", "1:a check failed", "2:bad input"})
public final class Main implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  private final Objectives objectives;

  /**
   * Whether TensorFlow's own messages are shown.
   *
   * @param wanted whether they are
   */
  @CommandLine.Option(
      names = "--verbose",
      scope = CommandLine.ScopeType.INHERIT,
      description = "lets TensorFlow talk")
  public void verbose(boolean wanted) {
    TensorFlowRuntime.verbose(wanted);
  }

  private Main(Objectives objectives) {
    this.objectives = objectives;
  }

  /**
   * Runs one command and leaves with its exit code.
   *
   * @param args what was typed
   */
  public static void main(String[] args) {
    CommandLine command = commandLine(new Objectives(Recipes.all()));
    command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    int exit = command.execute(args);
    command.getOut().flush();
    System.exit(exit);
  }

  /**
   * {@return the command line that knows these objectives by name}
   *
   * @param objectives the objectives
   */
  public static CommandLine commandLine(Objectives objectives) {
    return new CommandLine(new Main(objectives))
        .addSubcommand(new ScoreCommand(objectives))
        .addSubcommand(new CheckCommand())
        .addSubcommand(new FitCommand())
        .addSubcommand(new RecipesCommand(objectives))
        .addSubcommand(new ShowCommand(objectives))
        .addSubcommand(new CatalogueCommand(objectives))
        .addSubcommand(new ProveCommand(objectives))
        .addSubcommand(new BenchCommand(objectives))
        .addSubcommand(
            new ConformCommand(
                (name, config) -> VerlLosses.of(name, new VerlSettings(config.toJavaMap()))))
        .setExecutionExceptionHandler(new UserErrors())
        .setParameterExceptionHandler(Main::misused);
  }

  private static int misused(CommandLine.ParameterException mistake, String[] args) {
    PrintWriter err = mistake.getCommandLine().getErr();
    err.println(mistake.getMessage());
    err.println("Try '" + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return UserErrors.BAD_INPUT;
  }

  @Override
  public void run() {
    Tour.print(objectives, java.util.Objects.requireNonNull(spec).commandLine().getOut());
  }
}
