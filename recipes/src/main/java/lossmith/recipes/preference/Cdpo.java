package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;

/**
 * DPO that expects some labels to be wrong. A share of the pairs counts the other way round.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g ((1 - label_smoothing)·log σ(X) + label_smoothing·log σ(-X))
 *   where s = sign
 *   where X = beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000], {@code label_smoothing} = 0.1 in [0, 0.5]
 *   <li>Source: <a href="https://ericmitchell.ai/cdpo.pdf">A note on DPO with noisy preferences and
 *       relationship to IPO</a>, eq 3, the conservative loss; OpenRLHF label_smoothing
 * </ul>
 */
public final class Cdpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("cdpo");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.logRatioToReference());
    Term<Group> x = h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    return maximise(Preference.smoothed(x).mean(GROUPS));
  }
}
