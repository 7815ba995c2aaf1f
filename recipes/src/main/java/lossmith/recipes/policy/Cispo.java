package lossmith.recipes.policy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
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
 * Clipped importance weights that never stop a token's gradient.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g (1/G) Σ_i (1/|y_i|) Σ_t sg(clip(r, 1 - clip_low, 1 + clip_high))·A·log
 *       π(y_t)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.2 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2506.13585">MiniMax-M1: Scaling Test-Time Compute
 *       Efficiently with Lightning Attention</a>, eqs 4 and 5; Entropy Collapse, eq 7 with its log
 *       π
 *   <li>Differs: The bounds are 1 − clip_low and 1 + clip_high on both sides.
 *   <li>Differs: The mean is GRPO's, as eq 7 prints it; MiniMax-M1 divides by the tokens of a
 *       group.
 * </ul>
 */
public final class Cispo implements Recipe {
  @Override
  public Card card() {
    return Card.of("cispo").claiming(Claims.normalised(Aggregation.GROUP_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> weight = r.clip(clip).stopGradient();
    return Diagnostics.clipped(
        maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.GROUP_MEAN)),
        r,
        a,
        clip);
  }
}
