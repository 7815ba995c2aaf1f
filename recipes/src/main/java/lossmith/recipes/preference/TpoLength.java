package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Triple preference optimisation by mean log-probability, with a margin. log σ(β (mean_t log π(y_w)
 * − mean_t log π(y_l)) − γ) and the likelihood of a golden response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_preference = -(1/N) Σ_g log σ(beta·Σ_i (1/|y_i|) Σ_t s·log π(y_t) - gamma)
 * L_nll = -tpo_alpha·(1/(Σ_{i,t} 1[golden])) Σ_{i,t} 1[golden]·log π(y_t)
 *   where s = preference
 *   where golden ⇔ s = 0
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code preference} (sequence)
 *   <li>Parameters: {@code beta} = 2 in [1e-6, 1000], {@code gamma} = 0.5 in [0, 1000], {@code
 *       tpo_alpha} = 1 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2405.16681">Triple Preference Optimization:
 *       Achieving Better Alignment using a Single Step Optimization</a>, TPO-L; TRL TPOTrainer,
 *       loss_type tpo-l
 *   <li>Differs: The likelihood is the mean over the tokens of golden responses, as TRL has it.
 * </ul>
 */
public final class TpoLength implements Recipe {
  @Override
  public Card card() {
    return Card.of("tpo-l").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Group> x =
        Triple.meanMargin()
            .scaledBy(parameter("beta", 2, 1e-6, 1e3))
            .minus(parameter("gamma", 0.5, 0, 1e3).per(GROUP));
    return Triple.loss(maximise(x.logSigmoid().mean(GROUPS)));
  }
}
