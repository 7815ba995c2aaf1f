package lossmith.recipes.offpolicy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
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
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** A truncated importance weight as the whole loss. */
public final class Tis implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "tis",
            "A truncated importance weight on every token",
            new Source(
                "Tapered Off-Policy REINFORCE: Stable and efficient reinforcement learning for"
                    + " LLMs",
                "TIS, the truncated importance sampling it compares with; ROLL actor_pg_worker.py",
                "https://arxiv.org/abs/2503.14286"))
        .claiming(Claims.normalised(Aggregation.TOKEN_MEAN))
        .deviating("The mean is over tokens, as ROLL has it, the weight that of a token.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> weight = Surrogate.ratio(c).stopGradient().clip(Clip.between(0, 1));
    return Diagnostics.policy(
        maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.TOKEN_MEAN)));
  }
}
