package lossmith.recipes.distil;

import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * Distillation by the generalised Jensen-Shannon divergence. A mixture of policy and teacher
 * between both divergences.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} JSD
 *   where m = log(beta·π_ref(v) + (1 - beta)·π(v))
 *   where JSD = beta·Σ_v π_ref(v)·(log π_ref(v) - m) + (1 - beta)·Σ_v π(v)·(log π(v) - m)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code beta} = 0.5 in [1e-6, 0.999999]
 *   <li>Source: <a href="https://arxiv.org/abs/2306.13649">On-Policy Distillation of Language
 *       Models: Learning from Self-Generated Mistakes</a>, eq 2, generalised JSD
 * </ul>
 */
public final class DistilJsd implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-jsd").claiming(new Claim.Within("JSD", 0, Math.log(2)));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter beta = parameter("beta", 0.5, 1e-6, 1 - 1e-6);
    Term<Token> jsd = JensenShannon.of(beta, VOCABULARY).as("JSD");
    return Diagnostics.policy(minimise(c.aggregate(jsd, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
