package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Positive samples only. */
public final class Psr implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "psr",
            "Positive samples only",
            new Source(
                "The Surprising Effectiveness of Negative Reinforcement in LLM Reasoning",
                "section 2",
                "https://arxiv.org/abs/2506.01347"))
        .claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = reward().positive().indicator().per(TOKEN).as("A");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
