package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;

/**
 * Both responses down, the rejected one further. Anchored preference optimisation, down: σ(x₊) +
 * σ(x₋ − x₊), with x = β · log ratio of a response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g (σ(0.5·beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(s + 1)) + σ(-beta·Σ_i Σ_t
 *       (log π(y_t) - log π_ref(y_t))·s))
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2408.06266">Anchored Preference Optimization and
 *       Contrastive Revisions: Addressing Underspecification in Alignment</a>, eq 8; TRL loss_type
 *       apo_down
 * </ul>
 */
public final class ApoDown implements PairLoss {
  @Override
  public Card card() {
    return Card.of("apo-down");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Group> chosen = score.chosen(Preference.logRatioToReference()).scaledBy(beta);
    Term<Group> margin = score.margin(Preference.logRatioToReference()).scaledBy(beta);
    return minimise(chosen.sigmoid().plus(margin.negated().sigmoid()).mean(GROUPS));
  }
}
