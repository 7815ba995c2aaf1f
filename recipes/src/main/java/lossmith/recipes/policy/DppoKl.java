package lossmith.recipes.policy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.oldLogProb;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * A trust region in the divergence of a token against the rest, as a mask.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} A·w·log π(y_t)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where D = π_old(y_t)·(log π_old(y_t) - sg(log π(y_t))) + (1 - π_old(y_t))·(log(1 -
 *       π_old(y_t) + 1e-8) - log(1 - sg(π(y_t)) + 1e-8))
 *   where up ⇔ A > 0 ∧ π_old(y_t) < sg(π(y_t)) ∧ D > clip_high
 *   where down ⇔ A < 0 ∧ sg(π(y_t)) < π_old(y_t) ∧ D > clip_low
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where w = 1[¬(up ∨ down)]·min(sg(r), ratio_max)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_high} = 0.2 in [0, 1000000], {@code clip_low} = 0.2 in [0,
 *       1000000], {@code ratio_max} = 20 in [1, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2602.04879">Rethinking the Trust Region in LLM
 *       Reinforcement Learning</a>, binary divergence
 *   <li>Differs: 1e-8 keeps the logarithm of the rest finite.
 * </ul>
 */
public final class DppoKl implements Recipe {
  @Override
  public Card card() {
    return Card.of("dppo-kl").claiming(Claims.normalised(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> log = logProb().stopGradient();
    Detached<Token> old = oldLogProb().exp();
    Detached<Token> rest = old.negated().shiftedBy(1);
    Detached<Token> logs =
        rest.shiftedBy(1e-8).log().minus(log.exp().negated().shiftedBy(1).shiftedBy(1e-8).log());
    return DppoMask.of(old.times(oldLogProb().minus(log)).plus(rest.times(logs)).as("D"), c);
  }
}
