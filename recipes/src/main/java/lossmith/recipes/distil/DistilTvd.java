package lossmith.recipes.distil;

import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * Distillation by the total variation distance of policy and teacher. ½ Σ_v |π(v) − P(v)|, P the
 * teacher: the mass that policy and teacher place differently.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} TV
 *   where TV = 0.5·Σ_v |π(v) - π_ref(v)|
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Source: <a href="https://arxiv.org/abs/2307.15190">f-Divergence Minimization for
 *       Sequence-Level Knowledge Distillation</a>, TVD distillation, step by step; Liger,
 *       ops/tvd.py
 * </ul>
 */
public final class DistilTvd implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-tvd").claiming(new Claim.Within("TV", 0, 1));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Token> distance =
        logPi().exp().minus(referenceLogPi().exp()).abs().sum(VOCABULARY).scaledBy(0.5).as("TV");
    return Diagnostics.policy(
        minimise(c.aggregate(distance, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
