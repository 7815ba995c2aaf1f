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
 * Direct preference optimisation of means over tokens. DPO's logistic loss, of the difference of
 * the mean log-ratios of the two responses where DPO has that of their sums.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g log σ(beta·Σ_i (1/|y_i|) Σ_t (log π(y_t) - log π_ref(y_t))·s)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 5 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2411.15124">Tulu 3: Pushing Frontiers in Open
 *       Language Model Post-Training</a>, eq 6; TRL loss_type sigmoid_norm
 * </ul>
 */
public final class DpoLengthNormalised implements PairLoss {
  @Override
  public Card card() {
    return Card.of("dpo-length-normalised").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.meanMargin(Preference.logRatioToReference());
    return maximise(h.scaledBy(parameter("beta", 5, 1e-6, 1e3)).logSigmoid().mean(GROUPS));
  }
}
