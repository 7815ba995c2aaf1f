package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * Preferences with a margin. SLiC's hinge on the margin of DPO.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g max(1 - beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s, 0)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2309.06657">Statistical Rejection Sampling Improves
 *       Preference Optimization</a>, the hinge loss on the normalised likelihood; TRL hinge
 * </ul>
 */
public final class DpoHinge implements PairLoss {
  @Override
  public Card card() {
    return Card.of("dpo-hinge").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.logRatioToReference());
    return minimise(Preference.hinge(h, parameter("beta", 0.1, 1e-6, 1e3)).mean(GROUPS));
  }
}
