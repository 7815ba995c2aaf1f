package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Chosen responses up, rejected ones down, each for itself. Anchored preference optimisation, zero.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g Σ_i σ(-beta·Σ_t (log π(y_t) - log π_ref(y_t))·s)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2408.06266">Anchored Preference Optimization and
 *       Contrastive Revisions: Addressing Underspecification in Alignment</a>, the APO-zero loss
 * </ul>
 */
public final class ApoZero implements Recipe {
  @Override
  public Card card() {
    return Card.of("apo-zero").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> x =
        Preference.logRatioToReference()
            .weightedBy(Preference.side())
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    return minimise(x.negated().sigmoid().sum(SEQUENCES).mean(GROUPS));
  }
}
