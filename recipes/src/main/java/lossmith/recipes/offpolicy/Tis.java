package lossmith.recipes.offpolicy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
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
 * A truncated importance weight on every token. A truncated importance weight as the whole loss.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} clip(sg(r), 0, 1)·A·log π(y_t)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Source: <a href="https://arxiv.org/abs/2503.14286">Tapered Off-Policy REINFORCE: Stable and
 *       efficient reinforcement learning for LLMs</a>, TIS, the truncated importance sampling it
 *       compares with; ROLL actor_pg_worker.py
 *   <li>Differs: The mean is over tokens, as ROLL has it, the weight that of a token.
 * </ul>
 */
public final class Tis implements Recipe {
  @Override
  public Card card() {
    return Card.of("tis").claiming(Claims.normalised(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> weight = Surrogate.ratio(c).stopGradient().clip(Clip.between(0, 1));
    return Diagnostics.policy(
        maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.TOKEN_MEAN)));
  }
}
