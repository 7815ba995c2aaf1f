package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Triple preference optimisation by a regression of the margin. (mean_t log π(y_w) − mean_t log
 * π(y_l) − 1/(2β))² and the likelihood of a golden response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_preference = (1/N) Σ_g (Σ_i (1/|y_i|) Σ_t s·log π(y_t) - 0.5 / beta)^2
 * L_nll = -tpo_alpha·(1/(Σ_{i,t} 1[golden])) Σ_{i,t} 1[golden]·log π(y_t)
 *   where s = preference
 *   where golden ⇔ s = 0
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code preference} (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [0.001, 1000], {@code tpo_alpha} = 1 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2405.16681">Triple Preference Optimization:
 *       Achieving Better Alignment using a Single Step Optimization</a>, section 3, with the square
 *       of IPO; TRL TPOTrainer, loss_type ipo
 *   <li>Differs: The likelihood is the mean over the tokens of golden responses, as TRL has it.
 * </ul>
 */
public final class TpoIpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("tpo-ipo");
  }

  @Override
  public Loss loss(Conventions c) {
    return Triple.loss(
        minimise(
            Preference.identity(Triple.meanMargin(), parameter("beta", 0.1, 1e-3, 1e3))
                .mean(GROUPS)));
  }
}
