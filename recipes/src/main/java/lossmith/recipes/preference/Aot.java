package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Alignment by optimal transport of paired responses. The i-th largest margin of the policy against
 * the i-th largest of the reference: first-order stochastic dominance between the two, as a
 * logistic regression.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g log σ(beta·(sorted_by_g(h, sg(h)) - sorted_by_g(h_ref, h_ref)))
 *   where s = sign
 *   where h = Σ_i Σ_t s·log π(y_t)
 *   where h_ref = Σ_i Σ_t s·log π_ref(y_t)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2406.05882">Distributional Preference Alignment of
 *       LLMs via Optimal Transport</a>, section 3; TRL loss_type aot, no label smoothing
 * </ul>
 */
public final class Aot implements Recipe {
  @Override
  public Card card() {
    return Card.of("aot").claiming(new Claim.Sign("s"));
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
    Term<Group> margin = Preference.margin(logProb()).as("h");
    Detached<Group> reference =
        referenceLogProb().weightedBy(Preference.side()).sum(TOKENS).sum(SEQUENCES).as("h_ref");
    Term<Group> apart =
        margin.sortedBy(margin.stopGradient(), GROUPS).minus(reference.sortedBy(reference, GROUPS));
    return apart.scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
  }
}
