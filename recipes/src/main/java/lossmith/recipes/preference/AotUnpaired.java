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
import lossmith.recipes.Recipe;

/**
 * Alignment by optimal transport of unpaired responses. The i-th largest log-ratio of the chosen
 * responses against the i-th largest of the rejected ones.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g log σ(beta·(sorted_by_g(X, sg(X)) - sorted_by_g(Y, sg(Y))))
 *   where s = sign
 *   where X = 0.5·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(s + 1)
 *   where Y = 0.5·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(1 - s)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2406.05882">Distributional Preference Alignment of
 *       LLMs via Optimal Transport</a>, section 3; TRL loss_type aot_unpaired, no label smoothing
 * </ul>
 */
public final class AotUnpaired implements Recipe {
  @Override
  public Card card() {
    return Card.of("aot-unpaired").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    return maximise(apart().logSigmoid().mean(GROUPS));
  }

  /** {@return the loss where a share of the labels, label_smoothing, is expected to be wrong} */
  public Loss smoothed() {
    return maximise(Preference.smoothed(apart()).mean(GROUPS));
  }

  private static Term<Group> apart() {
    Term<Group> chosen = Preference.chosen(Preference.logRatioToReference());
    Term<Group> rejected = Preference.rejected(Preference.logRatioToReference());
    Term<Group> apart =
        chosen
            .sortedBy(chosen.stopGradient(), GROUPS)
            .minus(rejected.sortedBy(rejected.stopGradient(), GROUPS));
    return apart.scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
  }
}
