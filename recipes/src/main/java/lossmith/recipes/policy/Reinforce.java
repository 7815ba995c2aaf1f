package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** REINFORCE with the reward as weight. */
public final class Reinforce implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "reinforce",
            "REINFORCE with the reward as weight",
            new Source(
                "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement"
                    + " Learning",
                "section 4",
                "https://doi.org/10.1007/BF00992696"))
        .claiming(Claims.policyGradient(Aggregation.SEQUENCE_MEAN_TOKEN_SUM));
  }

  @Override
  public Loss loss(Conventions c) {
    return Diagnostics.policy(
        maximise(
            c.aggregate(
                logProb().times(reward().per(TOKEN).as("A")),
                Aggregation.SEQUENCE_MEAN_TOKEN_SUM)));
  }
}
