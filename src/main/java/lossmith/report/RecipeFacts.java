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
