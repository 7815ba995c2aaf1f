package lossmith.recipes.preference;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Condition;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Preferences without a reference, with likelihood of the chosen. Contrastive preference
 * optimisation.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_preference = -(1/N) Σ_g log σ(beta·Σ_i Σ_t s·log π(y_t))
 * L_nll = -cpo_alpha·(1/(Σ_{i,t} 1[s > 0])) Σ_{i,t} 1[s > 0]·log π(y_t)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code sign} (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000], {@code cpo_alpha} = 1 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2401.08417">Contrastive Preference Optimization:
 *       Pushing the Boundaries of LLM Performance in Machine Translation</a>, eq 5
 *   <li>Differs: The likelihood is the mean over the tokens of chosen responses, as TRL has it.
 * </ul>
 */
public final class Cpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("cpo").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Loss preference =
        maximise(
                Preference.margin(logProb())
                    .scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
                    .logSigmoid()
                    .mean(GROUPS))
            .as("preference");
    Condition<Token> chosen = Preference.side().positive();
    Loss likelihood =
        maximise(logProb().mean(ALL_TOKENS.where(chosen)))
            .scaledBy(parameter("cpo_alpha", 1, 0, 1e3))
            .as("nll");
    return preference.plus(likelihood);
  }
}
