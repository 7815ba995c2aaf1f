package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * PPO with a likelihood term on correct responses. PPO and imitation of what was right.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_objective = -(1/Σ|y|) Σ_{i,t} min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)
 * L_nll = -nll_coef·(1/(Σ_{i,t} 1[correct])) Σ_{i,t} 1[correct]·log π(y_t)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where correct ⇔ reward > 0
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.28 in [0, 100], {@code
 *       nll_coef} = 0.1 in [0, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2504.05118">VAPO: Efficient and Reliable
 *       Reinforcement Learning for Advanced Reasoning Tasks</a>, positive example LM loss
 *   <li>Differs: The advantage is the group-normalised reward: there is no value head.
 *   <li>Differs: The likelihood is averaged over the tokens of correct responses in the batch.
 * </ul>
 */
public final class VapoNll implements Recipe {
  @Override
  public Card card() {
    return Card.of("vapo-nll").claiming(new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Condition<Token> correct = reward().positive().as("correct").per(TOKEN);
    Loss policy = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS));
    Loss likelihood =
        maximise(logProb().mean(ALL_TOKENS.where(correct)))
            .scaledBy(parameter("nll_coef", 0.1, 0, 1e6))
            .as("nll");
    return Diagnostics.clipped(policy.plus(likelihood), r, a, clip);
  }
}
