package lossmith.report;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Locale;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.print.Formula;
import lossmith.recipes.Claim;
import lossmith.recipes.Recipe;

/**
 * What the catalogue and {@code show} print of a recipe besides its formula: the columns it reads,
 * its parameters, its claims.
 */
public final class RecipeFacts {
  private RecipeFacts() {}

  /** {@return all columns that a loss could read, those among them that samples may lack} */
  public static Set<String> columns(Loss loss) {
    Set<String> given =
        Inputs.of(loss.parts().values().appendAll(loss.metrics().values()).map(Term::node))
            .columns()
            .map(Node.Input::name)
            .toSet()
            .addAll(List.of(Columns.OLD_LOG_PROB, BoundLoss.LOGITS));
    return given.addAll(StatisticsSplit.of(loss, given).statistics().keySet());
  }

  /**
   * {@return the columns that a loss reads, a line for each: its level, and what stands in where it
   * is lacking; of the policy those of its statistics that files have}
   */
  public static Seq<String> read(Loss loss) {
    Seq<String> statistics =
        StatisticsSplit.of(loss, columns(loss))
            .statistics()
            .keySet()
            .toList()
            .map(
                name ->
                    name.startsWith(StatisticsSplit.UNNAMED)
                        ? "statistics of the whole vocabulary, which --logits gives"
                        : name + ": token, or from --logits")
            .distinct();
    Seq<String> inputs =
        Inputs.of(loss.parts().values().appendAll(loss.metrics().values()).map(Term::node))
            .columns()
            .toList()
            .reject(Node.Input::trained)
            .sortBy(Node.Input::name)
            .map(RecipeFacts::told);
    return statistics.appendAll(inputs);
  }

  private static String told(Node.Input input) {
    return input.name()
        + ": "
        + input.level().name().toLowerCase(Locale.ROOT)
        + input.otherwise().map(node -> ", else " + Formula.unicode(node)).getOrElse("");
  }

  /** {@return what a recipe claims of itself, in words} */
  public static Seq<String> claims(Recipe recipe) {
    return recipe
        .claims()
        .reject(Claim.Deviates.class::isInstance)
        .map(claim -> claim.getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1 $2"))
        .map(words -> words.toLowerCase(Locale.ROOT))
        .distinct();
  }

  /** {@return each parameter of a recipe with its default and its range} */
  public static Seq<String> parameters(Loss loss) {
    return loss.parameters().map(parameter -> parameter.name() + " = " + parameter.range());
  }
}
