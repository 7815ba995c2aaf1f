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
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.preference.Preference;

/**
 * Half of ((R_θ − mean R_θ) − (R − mean R))² over the responses to a prompt, R_θ = β (log π − log
 * π_ref) of the response.
 */
public final class Gvpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "gvpo",
            "Implicit rewards, centred in their group, brought to the centred rewards",
            new Source(
                "GVPO: Group Variance Policy Optimization for Large Language Model Post-Training",
                "the loss as mean squared error, its gradient the weights of section 3.1",
                "https://arxiv.org/abs/2504.19599"))
        .deviating("The mean over the responses to a prompt where the source sums.");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> implicit =
        Preference.towardsReference()
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
            .as("R_θ");
    Term<Sequence> centred = implicit.minus(implicit.mean(SEQUENCES).per(SEQUENCE));
    Term<Sequence> apart = centred.minus(Centred.of(reward().as("R")));
    return minimise(apart.square().mean(SEQUENCES).mean(GROUPS).scaledBy(0.5));
  }
}
