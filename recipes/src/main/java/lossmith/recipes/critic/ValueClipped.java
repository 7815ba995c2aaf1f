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

/**
 * The clipped loss of a value head. Half the larger of (V − R)² and the same with V clamped to
 * within range of old_value.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} 0.5·max((value - R)^2, (clip(value, old_value - value_range,
 *       old_value + value_range) - R)^2)
 *   where R = return
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code old_value} (token), {@code return} (token), {@code value} (token, trained)
 *   <li>Parameters: {@code value_range} = 0.2 in [1e-6, 1000000]
 *   <li>Source: <a href="https://github.com/volcengine/verl">verl</a>,
 *       core_algos.compute_value_loss; OpenRLHF ValueLoss; slime value_loss
 * </ul>
 */
public final class ValueClipped implements Recipe {
  @Override
  public Card card() {
    return Card.of("value-clipped");
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
