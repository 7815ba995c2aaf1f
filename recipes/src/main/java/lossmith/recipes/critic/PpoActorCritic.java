package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.value;

import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Proximal policy optimisation with a value head and an entropy bonus. The clipped surrogate less
 * c₁ (V − R)² plus c₂ H; the advantage is return − old_value.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} (min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A) -
 *       value_coefficient·(value - R)^2 + entropy_coefficient·H(π))
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where R = return
 *   where A = R - old_value
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code old_value} (token), {@code return} (token), {@code value} (token, trained)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.2 in [0, 100], {@code
 *       value_coefficient} = 0.5 in [0, 1000], {@code entropy_coefficient} = 0.01 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/1707.06347">Proximal Policy Optimization
 *       Algorithms</a>, eq 9
 * </ul>
 */
public final class PpoActorCritic implements Recipe {
  @Override
  public Card card() {
    return Card.of("ppo-actor-critic").claiming(new Claim.Entropy("H"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> target = given("return", TOKEN).as("R");
    Detached<Token> a = target.minus(given("old_value", TOKEN)).as("A");
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Term<Token> error =
        value().minus(target).square().scaledBy(parameter("value_coefficient", 0.5, 0, 1e3));
    Term<Token> bonus = entropy().as("H").scaledBy(parameter("entropy_coefficient", 0.01, 0, 1e3));
    Term<Token> gain = Surrogate.clipped(r, a, clip, c).minus(error).plus(bonus);
    Loss loss =
        maximise(c.aggregate(gain, Aggregation.TOKEN_MEAN)).training(Loss.POLICY, Columns.VALUE);
    return Diagnostics.clipped(loss, r, a, clip);
  }
}
