package lossmith.recipes.regression;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.preference.Preference;

/**
 * Implicit rewards brought to the optimal advantage, the value estimated beforehand. (β₂ log(π(y) /
 * π_ref(y)) − (R − V*))² of each response; V*(x) = β₁ log mean exp(R / β₁) over responses of the
 * reference to the prompt comes with the batch, in optimal_value.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/ΣG) Σ_{g,i} e^2
 *   where R = reward
 *   where V = optimal_value
 *   where e = R - V - beta2·Σ_t (log π(y_t) - log π_ref(y_t))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code optimal_value} (group), {@code
 *       ref_log_prob} (token), {@code reward} (sequence)
 *   <li>Parameters: {@code beta2} = 0.001 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2505.20686">Accelerating RL for LLM Reasoning with
 *       Optimal Advantage Regression</a>, the second stage; TRL A2POTrainer
 * </ul>
 */
public final class AStarPo implements Recipe {
  @Override
  public Card card() {
    return Card.of("a2po").claiming(new Claim.Sign("e"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> best = given("optimal_value", GROUP).per(SEQUENCE).as("V");
    Term<Sequence> implicit =
        Preference.logRatioToReference().sum(TOKENS).scaledBy(parameter("beta2", 1e-3, 1e-6, 1e3));
    Term<Sequence> missing = reward().as("R").minus(best).minus(implicit).as("e");
    return minimise(missing.square().mean(ALL_SEQUENCES));
  }
}
