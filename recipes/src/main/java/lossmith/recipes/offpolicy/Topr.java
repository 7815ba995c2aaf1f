package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
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
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Positive samples as they are, negative ones by a truncated weight. w·A·log π(y) of each response,
 * w = 1 where A is positive and π(y)/π_old(y), detached and at most 1, elsewhere.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} Σ_t A·w·log π(y_t)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where w = {1 if A > 0; min(exp(Σ_t sg(log π(y_t) - log π_old(y_t))), 1) otherwise}
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Source: <a href="https://arxiv.org/abs/2503.14286">Tapered Off-Policy REINFORCE: Stable and
 *       efficient reinforcement learning for LLMs</a>, eq 8
 *   <li>Differs: The advantage is the group-normalised reward, the source's the reward less a
 *       constant.
 * </ul>
 */
public final class Topr implements Recipe {
  @Override
  public Card card() {
    return Card.of("topr").claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_SUM));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Sequence> whole = Surrogate.logRatio(c).stopGradient().sum(TOKENS).exp();
    Detached<Token> truncated = whole.clip(Clip.atMost(constant(1, BATCH))).per(TOKEN);
    Detached<Token> weight = select(a.positive(), constant(1, TOKEN), truncated).as("w");
    return Diagnostics.policy(
        maximise(
            c.aggregate(
                logProb().times(a).weightedBy(weight), Aggregation.SEQUENCE_MEAN_TOKEN_SUM)));
  }
}
