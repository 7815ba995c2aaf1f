package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * Binary classifier optimisation of pairs. −log σ(x₊) − log σ(−x₋), with x = β · log ratio of a
 * response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g (log σ(0.5·beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(s + 1)) + log
 *       σ(-0.5·beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(1 - s)))
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2404.04656">Binary Classifier Optimization for Large
 *       Language Model Alignment</a>, eq 8; TRL loss_type bco_pair
 *   <li>Differs: The shift of the rewards, δ, is 0, as in TRL.
 * </ul>
 */
public final class BcoPair implements PairLoss {
  @Override
  public Card card() {
    return Card.of("bco-pair").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Group> chosen = score.chosen(Preference.logRatioToReference()).scaledBy(beta);
    Term<Group> rejected = score.rejected(Preference.logRatioToReference()).scaledBy(beta);
    return maximise(chosen.logSigmoid().plus(rejected.negated().logSigmoid()).mean(GROUPS));
  }
}
