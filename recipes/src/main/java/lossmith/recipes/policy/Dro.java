package lossmith.recipes.policy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;

/**
 * A quadratic penalty on the log-ratio.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} (A·log π(y_t) - 0.5·beta·(log π(y_t) - log π_old(y_t))^2)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [0, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2405.19107">Offline Regularised Reinforcement
 *       Learning for Large Language Models Alignment</a>, the policy's part
 *   <li>Differs: The advantage is the group-normalised reward: there is no value head.
 *   <li>Differs: The penalty is per token and towards π_old, as verl has it; the paper's is of the
 *       response, towards π_ref.
 * </ul>
 */
public final class Dro implements Recipe {
  @Override
  public Card card() {
    return Card.of("dro")
        .claiming(Claims.onPolicy(Aggregation.TOKEN_MEAN), new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Term<Token> penalty =
        logProb()
            .minus(oldLogProb())
            .square()
            .scaledBy(parameter("beta", 0.1, 0, 1e6))
            .scaledBy(0.5);
    return Diagnostics.policy(
        maximise(c.aggregate(logProb().times(a).minus(penalty), Aggregation.TOKEN_MEAN)));
  }
}
