package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** REINFORCE with positive samples weighted down. */
public final class WeightedReinforce implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "w-reinforce",
            "REINFORCE with positive samples weighted down",
            new Source(
                "The Surprising Effectiveness of Negative Reinforcement in LLM Reasoning",
                "section 5",
                "https://arxiv.org/abs/2506.01347"))
        .claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> correct = reward().positive().indicator();
    Detached<Token> a =
        correct
            .scaledBy(parameter("lambda", 0.1, 0, 1))
            .plus(correct.shiftedBy(-1))
            .per(TOKEN)
            .as("A");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
