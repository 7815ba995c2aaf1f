package lossmith;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import lossmith.cli.BenchCommand;
import lossmith.cli.CatalogueCommand;
import lossmith.cli.CheckCommand;
import lossmith.cli.CompareCommand;
import lossmith.cli.ConformCommand;
import lossmith.cli.ExportCommand;
import lossmith.cli.FitCommand;
import lossmith.cli.IdentifyCommand;
import lossmith.cli.ProveCommand;
import lossmith.cli.RecipesCommand;
import lossmith.cli.ScoreCommand;
import lossmith.cli.ShowCommand;
import lossmith.cli.Tour;
import lossmith.cli.TrainCommand;
import lossmith.cli.UserErrors;
import lossmith.cli.Version;
import lossmith.cli.learning.DocsCommand;
import lossmith.cli.learning.ExplainCommand;
import lossmith.console.MemoryGuard;
import lossmith.console.Screen;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.objective.ClassPath;
import lossmith.objective.Objectives;
import lossmith.ops.runtime.TensorFlowRuntime;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.verl.VerlLosses;
import lossmith.recipes.verl.VerlSettings;
import lossmith.rollouts.RolloutFile;
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
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:fine", "1:a check failed", "2:bad input", "3:out of memory"})
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

  /**
   * Where classes are found that recipes are named by, or that their sources use.
   *
   * @param path jars and folders, separated as in {@code -cp}
   */
  @CommandLine.Option(
      names = "--class-path",
      paramLabel = "PATH",
      scope = CommandLine.ScopeType.INHERIT,
      description =
          "jars and folders of classes for own recipes, separated as in -cp (which java -jar"
              + " ignores)")
  public void classPath(String path) {
    try {
      ClassPath.add(path);
    } catch (ProblemException e) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
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
    Locale.setDefault(Locale.ROOT);
    MemoryGuard.watch(TensorFlowRuntime::awaitError);
    System.exit(run(args));
  }

  private static int run(String[] args) {
    // Options are read while a library is loaded that files among them will want.
    RolloutFile.prepare(List.of(args));
    CommandLine command = commandLine(new Objectives(Recipes.all()), List.of(args).headOption());
    command.setOut(Screen.on(new FileOutputStream(FileDescriptor.out)));
    command.setErr(TensorFlowRuntime.heard(command.getErr()));
    Seq<Problem> unreadable = UserErrors.unreadable(List.of(args));
    try {
      unreadable.forEach(command.getErr()::println);
      int exit = unreadable.isEmpty() ? command.execute(args) : UserErrors.BAD_INPUT;
      command.getOut().flush();
      return exit;
    } catch (Screen.Closed closed) {
      return UserErrors.closed(closed, command.getErr());
    } catch (OutOfMemoryError e) {
      MemoryGuard.end();
      throw e;
    }
  }

  /**
   * {@return the command line that knows these objectives by name}
   *
   * @param objectives the objectives
   */
  public static CommandLine commandLine(Objectives objectives) {
    return commandLine(objectives, Option.none());
  }

  /**
   * A command's options are read from its class by reflection, which for all commands takes longer
   * than many of them run: when the first word names one, only that one is known.
   */
  private static CommandLine commandLine(Objectives objectives, Option<String> first) {
    CommandLine line = new CommandLine(new Main(objectives));
    Map<String, Supplier<Object>> all = commands(objectives);
    all.filterKeys(name -> first.filter(all::containsKey).getOrElse(name).equals(name))
        .forEach((name, command) -> line.addSubcommand(name, command.get()));
    return line.setExecutionExceptionHandler(Main::failed)
        .setParameterExceptionHandler(Main::misused);
  }

  /** In the order of {@code lossmith --help}. */
  private static Map<String, Supplier<Object>> commands(Objectives objectives) {
    return LinkedHashMap.<String, Supplier<Object>>empty()
        .put("score", () -> new ScoreCommand(objectives))
        .put("compare", () -> new CompareCommand(objectives))
        .put("check", CheckCommand::new)
        .put("fit", FitCommand::new)
        .put("recipes", () -> new RecipesCommand(objectives))
        .put("show", () -> new ShowCommand(objectives))
        .put(
            "explain", () -> new ExplainCommand(objectives, commands(objectives).keySet().toList()))
        .put("docs", DocsCommand::new)
        .put("catalogue", () -> new CatalogueCommand(objectives))
        .put("export", () -> new ExportCommand(objectives))
        .put("prove", () -> new ProveCommand(objectives))
        .put("identify", () -> new IdentifyCommand(objectives))
        .put("train", () -> new TrainCommand(objectives))
        .put("bench", () -> new BenchCommand(objectives))
        .put(
            "conform",
            () ->
                new ConformCommand(
                    (name, config) -> VerlLosses.of(name, new VerlSettings(config.toJavaMap()))));
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (MemoryGuard.isOutOfMemory(e) || TensorFlowRuntime.isOutOfMemory(e)) {
      MemoryGuard.end();
    }
    return new UserErrors().handleExecutionException(e, command, parsed);
  }

  private static int misused(CommandLine.ParameterException mistake, String[] args) {
    PrintWriter err = mistake.getCommandLine().getErr();
    err.println(mistake.getMessage());
    boolean unused = CommandLine.UnmatchedArgumentException.printSuggestions(mistake, err);
    err.println("Try '" + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return UserErrors.BAD_INPUT;
  }

  @Override
  public void run() {
    Tour.print(objectives, java.util.Objects.requireNonNull(spec).commandLine().getOut());
  }
}
