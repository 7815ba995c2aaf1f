package lossmith.recipes.offpolicy;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;

import lossmith.dsl.Clip;
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
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * PPO weighted for the difference between trainer and inference engine.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)·w
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where w = min(exp(log π_old(y_t) - log π_rollout(y_t)), is_threshold)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence), {@code rollout_log_prob} (token)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.2 in [0, 100], {@code
 *       is_threshold} = 2 in [0, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/1707.06347">Proximal Policy Optimization
 *       Algorithms</a>, eq 7, times min(π_old / π_rollout, threshold)
 *   <li>Differs: The advantage is the group-normalised reward: there is no value head.
 * </ul>
 */
public final class PpoTokenIs implements Recipe {
  @Override
  public Card card() {
    return Card.of("ppo-token-is")
        .claiming(new Claim.Homogeneous("A"), new Claim.Sign("A"), new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> weight =
        Surrogate.clamped(oldLogProb().minus(rolloutLogProb()), c)
            .exp()
            .clip(Clip.atMost(parameter("is_threshold", 2, 0, 1e6)))
            .as("w");
    Term<Token> objective = Surrogate.clipped(r, a, clip, c).weightedBy(weight);
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("is_weight", weight.mean(ALL_TOKENS));
  }
}
