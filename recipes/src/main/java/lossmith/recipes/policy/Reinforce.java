package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * REINFORCE with the reward as weight.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} Σ_t A·log π(y_t)
 *   where A = reward
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Source: <a href="https://doi.org/10.1007/BF00992696">Simple Statistical Gradient-Following
 *       Algorithms for Connectionist Reinforcement Learning</a>, section 4
 * </ul>
 */
public final class Reinforce implements Recipe {
  @Override
  public Card card() {
    return Card.of("reinforce")
        .claiming(Claims.policyGradient(Aggregation.SEQUENCE_MEAN_TOKEN_SUM));
  }

  @Override
  public Loss loss(Conventions c) {
    return Diagnostics.policy(
        maximise(
            c.aggregate(
                logProb().times(reward().per(TOKEN).as("A")),
                Aggregation.SEQUENCE_MEAN_TOKEN_SUM)));
  }
}
