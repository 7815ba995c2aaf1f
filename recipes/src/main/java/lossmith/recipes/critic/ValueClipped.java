package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Half the larger of (V − R)² and the same with V held within range of old_value. */
public final class ValueClipped implements Recipe {
  @Override
  public Card card() {
    return Card.of(
        "value-clipped",
        "The clipped loss of a value head",
        new Source(
            "verl",
            "core_algos.compute_value_loss; OpenRLHF ValueLoss; slime value_loss",
            "https://github.com/volcengine/verl"));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter range = parameter("value_range", 0.2, 1e-6, 1e6);
    Detached<Token> target = given("return", TOKEN).as("R");
    return minimise(
            c.aggregate(
                new ClippedValueLoss(given("old_value", TOKEN), target, range.per(TOKEN))
                    .perToken(),
                Aggregation.TOKEN_MEAN))
        .training(Columns.VALUE);
  }
}
