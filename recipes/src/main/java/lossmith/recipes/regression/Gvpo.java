package lossmith.recipes.regression;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.preference.Preference;

/**
 * Implicit rewards, centred in their group, brought to the centred rewards. Half of ((R_θ − mean
 * R_θ) − (R − mean R))² over the responses to a prompt, R_θ = β (log π − log π_ref) of the
 * response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = 0.5·(1/N) Σ_g (1/G) Σ_i (R_θ - (1/G) Σ_i R_θ - 1[8·ulp_i(R) < max_i(R) - min_i(R)]·(R
 *       - (1/G) Σ_i R))^2
 *   where R_θ = beta·Σ_t (log π(y_t) - log π_ref(y_t))
 *   where R = reward
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code reward}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2504.19599">GVPO: Group Variance Policy Optimization
 *       for Large Language Model Post-Training</a>, the loss as mean squared error, its gradient
 *       the weights of section 3.1
 *   <li>Differs: The mean over the responses to a prompt where the source sums.
 * </ul>
 */
public final class Gvpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("gvpo");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> implicit =
        Preference.logRatioToReference()
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
            .as("R_θ");
    Term<Sequence> centred = implicit.minus(implicit.mean(SEQUENCES).per(SEQUENCE));
    Term<Sequence> apart = centred.minus(Centred.of(reward().as("R")));
    return minimise(apart.square().mean(SEQUENCES).mean(GROUPS).scaledBy(0.5));
  }
}
