package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * REINFORCE with positive samples weighted down.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} A·log π(y_t)
 *   where A = lambda·1[reward > 0] + 1[reward > 0] - 1
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code lambda} = 0.1 in [0, 1]
 *   <li>Source: <a href="https://arxiv.org/abs/2506.01347">The Surprising Effectiveness of Negative
 *       Reinforcement in LLM Reasoning</a>, section 5
 * </ul>
 */
public final class WeightedReinforce implements Recipe {
  @Override
  public Card card() {
    return Card.of("w-reinforce").claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> correct = reward().positive().indicator();
    Detached<Token> a =
        correct
            .scaledBy(parameter("lambda", 0.1, 0, 1))
            .plus(correct.shiftedBy(-1))
            .per(TOKEN)
            .as("A");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
