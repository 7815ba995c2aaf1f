package lossmith.recipes.policy;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** GRPO with decoupled bounds, as Entropy Collapse prints DAPO. */
public final class DapoAsPrinted implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "dapo-as-printed",
            "GRPO with decoupled bounds, as Entropy Collapse prints DAPO",
            new Source(
                "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                "Entropy Collapse, eq 6",
                "https://arxiv.org/abs/2503.14476"))
        .claiming(Claims.normalised(Aggregation.GROUP_MEAN).append(Claims.clipped()))
        .deviating("The paper takes the mean over all tokens of a group; see dapo.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    return Diagnostics.clipped(
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.GROUP_MEAN)),
        r,
        a,
        clip);
  }
}
