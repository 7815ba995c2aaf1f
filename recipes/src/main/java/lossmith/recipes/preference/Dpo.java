package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * Direct preference optimisation. The log-odds of the chosen response, as a logistic regression.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g log σ(beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2305.18290">Direct Preference Optimization: Your
 *       Language Model is Secretly a Reward Model</a>, eq 7
 * </ul>
 */
public final class Dpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("dpo").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.logRatioToReference());
    return maximise(h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3)).logSigmoid().mean(GROUPS));
  }
}
