package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * The farthest tokens are dropped until the second moment of log r is small. Σ r·A over the tokens
 * kept / N, N all tokens. With d = log π − log π_old, in nats, a token is kept where M₂ &lt; τ, M₂
 * the mean of d² over the tokens that are no farther than it: the longest run from the nearest
 * token on whose second moment is below τ. Nothing is kept where the nearest token itself is not
 * below.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} 1[kept]·r·A
 *   where d² = sg(log π(y_t) - log π_old(y_t))^2
 *   where M₂ = cumulative_sum_{i,t}(d², d²) / cumulative_sum_{i,t}(1, d²)
 *   where kept ⇔ M₂ < m2_threshold
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code m2_threshold} = 0.04 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2510.01161">Prosperity before Collapse: How Far Can
 *       Off-Policy RL Reach with Stale Data on LLMs?</a>, J_M2PO with its mask M, τ_M2 = 0.04
 *   <li>Differs: Equally far tokens are kept or dropped together, so that no order of the batch
 *       decides.
 * </ul>
 */
public final class M2po implements Recipe {
  @Override
  public Card card() {
    return Card.of("m2po").claiming(Claims.normalised(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> far = Surrogate.logRatio(c).stopGradient().square().as("d²");
    Detached<Token> nearer = constant(1, TOKEN).cumulativeSum(far, ALL_TOKENS);
    Detached<Token> moment = far.cumulativeSum(far, ALL_TOKENS).dividedBy(nearer).as("M₂");
    Condition<Token> kept =
        moment.below(parameter("m2_threshold", 0.04, 1e-6, 1e3).per(TOKEN)).as("kept");
    Term<Token> objective = select(kept, Surrogate.ratio(c).times(a), Surrogate.zero());
    return Diagnostics.policy(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)))
        .log("m2", far.mean(ALL_TOKENS))
        .log("m2_kept", far.mean(ALL_TOKENS.where(kept)))
        .log("kept", kept.indicator().mean(ALL_TOKENS));
  }
}
