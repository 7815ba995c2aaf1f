package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;

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
 * A trust region around one policy, weights against another. Proximal and behaviour policies apart.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)·w
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where b = exp(log π_old(y_t) - log π_rollout(y_t))
 *   where w = 1[b ≤ behaviour_cap]·b
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence), {@code rollout_log_prob} (token)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.2 in [0, 100], {@code
 *       behaviour_cap} = 5 in [0, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2110.00641">Batch size-invariance for policy
 *       optimization</a>, the decoupled objective; AReaL, section 5.2 (arXiv 2505.24298)
 *   <li>Differs: The behaviour policy is rollout_log_prob, the proximal policy old_log_prob.
 * </ul>
 */
public final class DecoupledPpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("decoupled-ppo")
        .claiming(new Claim.Homogeneous("A"), new Claim.Sign("A"), new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> behaviour = oldLogProb().minus(rolloutLogProb()).exp().as("b");
    Detached<Token> cap = parameter("behaviour_cap", 5, 0, 1e6).per(TOKEN);
    Detached<Token> weight = select(behaviour.atMost(cap), behaviour, constant(0, TOKEN)).as("w");
    Term<Token> objective = Surrogate.clipped(r, a, clip, c).weightedBy(weight);
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("behaviour_weight", weight.mean(ALL_TOKENS));
  }
}
