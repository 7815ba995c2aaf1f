package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
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
 * Negative responses that the policy has left are dropped. Off-policy sequence masking.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} 1[¬dropped]·min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where away = (1/|y_i|) Σ_t (log π_old(y_t) - sg(log π(y_t)))
 *   where dropped ⇔ A < 0 ∧ away > opsm_delta
 *   where r = exp(log π(y_t) - log π_old(y_t))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code opsm_delta} = 1e-4 in [0, 1000000], {@code clip_low} = 0.2 in [0, 1],
 *       {@code clip_high} = 0.2 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2512.02556">DeepSeek-V3.2: Pushing the Frontier of
 *       Open Large Language Models</a>, off-policy sequence masking; slime ppo_utils.py:54
 *   <li>Differs: Masked responses stay in the denominator, as in slime and TRL.
 * </ul>
 */
public final class Opsm implements Recipe {
  @Override
  public Card card() {
    return Card.of("opsm")
        .claiming(new Claim.Homogeneous("A"), new Claim.Sign("A"), new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> away =
        oldLogProb().minus(logProb().stopGradient()).mean(TOKENS).as("away").per(TOKEN);
    Condition<Token> dropped =
        a.negative()
            .and(away.above(parameter("opsm_delta", 1e-4, 0, 1e6).per(TOKEN)))
            .as("dropped");
    Term<Token> objective = select(dropped, Surrogate.zero(), Surrogate.clipped(r, a, clip, c));
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("dropped", dropped.indicator().mean(ALL_TOKENS));
  }
}
