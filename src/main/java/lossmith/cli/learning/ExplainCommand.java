package lossmith.cli.learning;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.objective.Explanations;
import lossmith.objective.Objectives;
import lossmith.objective.OtherWords;
import lossmith.proofs.law.Laws;
import lossmith.proofs.repair.Remedies;
import lossmith.proofs.subject.Law;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code explain TEXT}: what an expression is, or why it does not compile and what to write; or
 * what a word of the language or a law means.
 */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Says what an expression is, or what is wrong with it and what to write.")
public final class ExplainCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private final Objectives objectives;
  private final Seq<String> commands;

  /**
   * The command.
   *
   * @param objectives the recipes that a word may be instead of an expression
   * @param commands the names of the commands that it may be
   */
  public ExplainCommand(Objectives objectives, Seq<String> commands) {
    this.objectives = objectives;
    this.commands = commands;
  }

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "TEXT",
      description =
          "an expression, such as 'ratio().times(reward())', in which r is the importance ratio and"
              + " A the group-normalised advantage; a Java file; a word, such as times; or a law,"
              + " such as central-difference")
  private String text = "";

  @Override
  public Integer call() {
    OtherWords words =
        new OtherWords(objectives.all(), commands, (verb, name) -> verb + " " + name);
    Either<String, String> told = Explanations.of(text, List.empty(), words);
    Seq<String> laws =
        Laws.all()
            .appendAll(Laws.ofRoles())
            .filter(law -> law.name().equals(text))
            .distinctBy(Law::name)
            .map(
                law ->
                    "The law "
                        + law.name()
                        + ": "
                        + law.statement()
                        + "\n  "
                        + law.formula()
                        + Remedies.of(law.name())
                            .map(what -> "\n  where it is broken: " + what)
                            .getOrElse(""));
    Seq<String> said =
        told.isRight() || laws.isEmpty() ? laws.prepend(told.getOrElseGet(wrong -> wrong)) : laws;
    said.forEach(Objects.requireNonNull(spec).commandLine().getOut()::println);
    return told.isRight() || laws.nonEmpty() ? 0 : FAILED;
  }
}
