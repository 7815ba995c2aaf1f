package lossmith.recipes.policy;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

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
 * A smooth gate instead of a clip.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} (1/|y_i|) Σ_t 4·σ((r - 1)·τ)·A / τ
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where τ = {tau_pos if A > 0; tau_neg otherwise}
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code tau_pos} = 1 in [0.001, 1000], {@code tau_neg} = 1.05 in [0.001, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2511.20347">Soft Adaptive Policy Optimization</a>,
 *       the gate σ(τ(r − 1))·4/τ
 * </ul>
 */
public final class Sapo implements Recipe {
  @Override
  public Card card() {
    return Card.of("sapo").claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Term<Token> gated = Surrogate.softGated(Surrogate.ratio(c), a);
    return Diagnostics.policy(maximise(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN.of(gated, c)));
  }
}
