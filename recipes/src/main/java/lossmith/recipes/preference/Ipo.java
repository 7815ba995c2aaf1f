package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;

/**
 * Identity preference optimisation. A regression of the margin on 1/(2β).
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g (Σ_i (1/|y_i|) Σ_t (log π(y_t) - log π_ref(y_t))·s - 0.5 / beta)^2
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [0.001, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2310.12036">A General Theoretical Paradigm to
 *       Understand Learning from Human Preferences</a>, eq 17
 *   <li>Differs: Log-probabilities are averaged over a response, as its authors told TRL
 *       (trl#1265).
 * </ul>
 */
public final class Ipo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("ipo");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.meanMargin(Preference.logRatioToReference());
    return minimise(Preference.identity(h, parameter("beta", 0.1, 1e-3, 1e3)).mean(GROUPS));
  }
}
