package lossmith.shell;

import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;
import lossmith.cli.CompareCommand;
import lossmith.cli.ScoreCommand;
import lossmith.cli.ShowCommand;
import lossmith.cli.TrainCommand;
import lossmith.cli.UserErrors;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.explain.VerbHelp;
import lossmith.objective.Explanations;
import lossmith.objective.Objectives;
import lossmith.objective.OtherWords;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.catalogue.Recipes;
import picocli.CommandLine;

/**
 * The commands on objectives that were written in a shell. They print what the command line prints;
 * options follow as texts, such as {@code "--all"}. Rollouts are the embedded sample unless a file
 * is among the options.
 */
public final class Shell {
  private static final String FIRST = "mine";
  private static final String SECOND = "other";

  private Shell() {}

  /** An objective that was written in the shell. */
  private record Written(String name, Loss value) implements Recipe {
    @Override
    public Card card() {
      return Card.of(name, "written in the shell", new Source("the shell", "as written", ""));
    }

    @Override
    public Loss loss(Conventions c) {
      return value;
    }
  }

  /** Prints formula, gradient, columns and parameters of a loss. */
  public static void show(Loss loss, String... options) {
    run(ShowCommand::new, List.of(loss), options, List.of(FIRST));
  }

  /** Prints the same of a recipe, of parts joined with + or of a file. */
  public static void show(String objective, String... options) {
    run(ShowCommand::new, List.empty(), options, List.of(objective));
  }

  /** Draws the weight of a token against its importance ratio, at an advantage of 1 and of -1. */
  public static void plot(Loss loss) {
    show(loss, "--plot");
  }

  /** Prints at which tokens of rollouts two losses differ most, and which sub-terms make it so. */
  public static void compare(Loss one, Loss other, String... options) {
    run(CompareCommand::new, List.of(one, other), options, List.of(FIRST, SECOND));
  }

  /** Prints the score of a loss, and the ten tokens of rollouts on which it pulls hardest. */
  public static void tokens(Loss loss, String... options) {
    run(
        ScoreCommand::new,
        List.of(loss),
        options,
        List.of("--recipe", FIRST, "--top-tokens", "10"));
  }

  /**
   * Prints what an expression is, or what is wrong with it and what to write instead; it may use
   * the variables of the shell.
   */
  public static void explain(String text) {
    OtherWords words =
        new OtherWords(Recipes.all(), List.empty(), (verb, name) -> verb + "(\"" + name + "\")");
    out()
        .println(
            Explanations.of(text, ShellVariables.in(text), words).getOrElseGet(wrong -> wrong));
  }

  /** Prints what a word of the algebra means: signatures, formulas, levels, an example. */
  public static void help(String word) {
    out().println(VerbHelp.orNearest(word));
  }

  private static PrintWriter out() {
    return new PrintWriter(System.out, true, StandardCharsets.UTF_8);
  }

  /** Trains with a loss, and leaves the run in a folder. */
  static void train(Loss loss, String[] options, Path folder) {
    Seq<String> first = List.of("--recipe", FIRST, "--out", folder.toString());
    run(TrainCommand::new, List.of(loss), options, first);
  }

  private static void run(
      Function<Objectives, Object> command, Seq<Loss> losses, String[] options, Seq<String> first) {
    Seq<Recipe> written = losses.zip(List.of(FIRST, SECOND)).map(Shell::named);
    Objectives objectives = new Objectives(Recipes.all().prependAll(written));
    Seq<String> typed = first.appendAll(List.of(options));
    int exit =
        new CommandLine(command.apply(objectives))
            .setOverwrittenOptionsAllowed(true)
            .setOut(out())
            .setExecutionExceptionHandler(new UserErrors())
            .execute(typed.toJavaArray(String[]::new));
    if (exit != 0) {
      ProblemException failed =
          Problem.of("shell", "a command that failed", "one that runs", "what is said above")
              .exception();
      failed.setStackTrace(new StackTraceElement[0]);
      throw failed;
    }
  }

  private static Recipe named(Tuple2<Loss, String> loss) {
    return new Written(loss._2, loss._1);
  }
}
