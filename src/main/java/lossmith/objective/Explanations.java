package lossmith.objective;

import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.print.Formula;
import lossmith.explain.Explainer;
import lossmith.explain.VerbHelp;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * What a text is: an expression of any type, or a source file. What compiles is told by formula,
 * level and gradient, and by what it lacks to be a loss; what does not, by what is wrong with it.
 */
public final class Explanations {
  private Explanations() {}

  /**
   * {@return on the right what a text is, on the left what is wrong with it}
   *
   * @param text an expression, the name of a verb, or the path of a source file
   * @param given values that an expression may use, beside the usual ones
   * @param words what is said of a word that is neither
   * @throws ProblemException if a file cannot be read
   */
  public static Either<String, String> of(String text, Seq<NamedValue> given, OtherWords words) {
    if (text.endsWith(".java") && !Sources.isExpression(text)) {
      Path path = Path.of(text);
      return Files.isReadable(path) ? tried(() -> file(path)) : Either.right(file(path));
    }
    if (!given.exists(value -> value.name().equals(text))) {
      for (String help : VerbHelp.of(text)) {
        return Either.right(help);
      }
      for (String other : words.named(text)) {
        return Either.left(other);
      }
    }
    return tried(() -> expression(text, given)).mapLeft(wrong -> words.near(text).getOrElse(wrong));
  }

  private static Either<String, String> tried(Supplier<String> text) {
    try {
      return Either.right(text.get());
    } catch (ProblemException e) {
      return Either.left(e.problems().map(Problem::told).mkString("\n\n"));
    }
  }

  private static String file(Path path) {
    return Sources.file(path)
        .map(recipe -> recipe.name() + "\n" + indented(loss(ofPaper(recipe))))
        .mkString("\n\n");
  }

  private static Loss ofPaper(Recipe recipe) {
    return recipe.loss(Conventions.paper());
  }

  private static String indented(String text) {
    return text.lines().map(line -> "  " + line).reduce((a, b) -> a + "\n" + b).orElse("");
  }

  private static String expression(String text, Seq<NamedValue> given) {
    Object value = Sources.value(text, given);
    if (value instanceof Loss loss) {
      return loss(loss);
    }
    if (value instanceof Term<?> term) {
      boolean live = !(term instanceof Detached);
      return Formula.unicode(term.node())
          + "\n"
          + (live ? "Term" : "Detached")
          + " of level "
          + term.level()
          + ": "
          + (live
              ? "gradient flows through it."
              : "no gradient flows through it, so it may weight, bound, order and choose.")
          + missing(text, term, given);
    }
    if (value instanceof Condition<?> condition) {
      return Formula.unicode(condition.node())
          + "\nCondition of level "
          + condition.node().level()
          + ": a yes or no, by which select chooses and where narrows; indicator() counts it.";
    }
    return value + "\n" + value.getClass().getSimpleName() + ", no term of its own.";
  }

  /** What a term lacks to be a loss; data has nothing to train, but weights what has. */
  private static String missing(String text, Term<?> term, Seq<NamedValue> given) {
    boolean live = !(term instanceof Detached);
    boolean perToken = term.level() == Level.Name.TOKEN;
    if (!live && term.level() == Level.Name.VOCABULARY) {
      return "";
    }
    String trained =
        live ? text : "logProb().weightedBy(" + text + (perToken ? ")" : ".per(Axis.TOKEN))");
    Seq<String> lines =
        Explainer.of(Sources.framed(trained, "Loss", given), SourceCompiler.narrow()).cures();
    return (live
            ? "\nTo be a loss:\n"
            : "\nAlone it has nothing to train. As the weight of log π in a loss:\n")
        + lines.mkString("\n");
  }

  private static String loss(Loss loss) {
    return Formula.unicode(loss)
        + "\nLoss that is minimised; trains "
        + loss.trains().toList().sorted().mkString(", ")
        + "."
        + Flow.check(loss).map(problem -> "\n" + problem).mkString();
  }
}
