package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
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
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * w·A·log π(y) of each response, w = 1 where A is positive and π(y)/π_old(y), held and at most 1,
 * elsewhere.
 */
public final class Topr implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "topr",
            "Positive samples as they are, negative ones by a truncated weight",
            new Source(
                "Tapered Off-Policy REINFORCE: Stable and efficient reinforcement learning for"
                    + " LLMs",
                "eq 8",
                "https://arxiv.org/abs/2503.14286"))
        .claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_SUM))
        .deviating(
            "The advantage is the group-normalised reward, the source's the reward less a"
                + " constant.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Sequence> whole = Surrogate.logRatio(c).stopGradient().sum(TOKENS).exp();
    Detached<Token> truncated = whole.clip(Clip.atMost(constant(1, BATCH))).per(TOKEN);
    Detached<Token> weight = select(a.positive(), constant(1, TOKEN), truncated).as("w");
    return Diagnostics.policy(
        maximise(
            c.aggregate(
                logProb().times(a).weightedBy(weight), Aggregation.SEQUENCE_MEAN_TOKEN_SUM)));
  }
}
