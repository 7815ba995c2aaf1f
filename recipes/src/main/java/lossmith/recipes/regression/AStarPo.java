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
import lossmith.recipes.Source;
import lossmith.recipes.preference.Preference;

/**
 * (β₂ log(π(y) / π_ref(y)) − (R − V*))² of each response; V*(x) = β₁ log mean exp(R / β₁) over
 * responses of the reference to the prompt comes with the batch, in optimal_value.
 */
public final class AStarPo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "a2po",
            "Implicit rewards brought to the optimal advantage, the value estimated beforehand",
            new Source(
                "Accelerating RL for LLM Reasoning with Optimal Advantage Regression",
                "the second stage; TRL A2POTrainer",
                "https://arxiv.org/abs/2505.20686"))
        .claiming(new Claim.Sign("e"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> best = given("optimal_value", GROUP).per(SEQUENCE).as("V");
    Term<Sequence> implicit =
        Preference.towardsReference().sum(TOKENS).scaledBy(parameter("beta2", 1e-3, 1e-6, 1e3));
    Term<Sequence> missing = reward().as("R").minus(best).minus(implicit).as("e");
    return minimise(missing.square().mean(ALL_SEQUENCES));
  }
}
