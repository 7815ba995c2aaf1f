package lossmith.recipes.regression;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.trainable;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Likelihoods in proportion to exponentiated rewards, by flow balance. w (log Z + mean_t log π − β
 * R − mean_t log π_ref)² of each response: R its normalised reward, w its clipped importance ratio,
 * detached, and log Z(x) of the prompt trained beside the policy, in the column log_z.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/ΣG) Σ_{g,i} (log_z + (1/|y_i|) Σ_t log π(y_t) - beta·R - (1/|y_i|) Σ_t log
 *       π_ref(y_t))^2·w
 *   where R = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where w = sg(clip(exp(Σ_t (log π(y_t) - log π_old(y_t))), 1 - clip_low, 1 + clip_high))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code log_z} (group, trained), {@code
 *       old_log_prob} (token, may be absent), {@code ref_log_prob} (token), {@code reward}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 15 in [0, 1000], {@code clip_low} = 0.2 in [0, 1], {@code
 *       clip_high} = 0.2 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2509.15207">FlowRL: Matching Reward Distributions
 *       for LLM Reasoning</a>, section 3, the FlowRL objective
 * </ul>
 */
public final class FlowRl implements Recipe {
  private static final String LOG_Z = "log_z";

  @Override
  public Card card() {
    return Card.of("flowrl").claiming(new Claim.GroupNormalised("R"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> r = Advantages.normalised(reward(), c).as("R");
    Detached<Sequence> w =
        Surrogate.logRatio(c)
            .sum(TOKENS)
            .exp()
            .clip(Surrogate.trustRegion(0.2, 0.2))
            .stopGradient()
            .as("w");
    Term<Sequence> balance =
        trainable(LOG_Z, GROUP)
            .per(SEQUENCE)
            .plus(logProb().mean(TOKENS))
            .minus(r.scaledBy(parameter("beta", 15, 0, 1e3)))
            .minus(referenceLogProb().mean(TOKENS));
    return minimise(balance.square().weightedBy(w).mean(ALL_SEQUENCES))
        .training(Loss.POLICY, LOG_Z);
  }
}
