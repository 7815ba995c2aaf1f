package lossmith.recipes.offpolicy;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** PPO weighted for the difference between trainer and inference engine. */
public final class PpoTokenIs implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "ppo-token-is",
            "PPO weighted for the difference between trainer and inference engine",
            new Source(
                "Proximal Policy Optimization Algorithms",
                "eq 7, times min(π_old / π_rollout, threshold)",
                "https://arxiv.org/abs/1707.06347"))
        .claiming(new Claim.Homogeneous("A"), new Claim.Sign("A"), new Claim.GroupNormalised("A"))
        .deviating("The advantage is the group-normalised reward: there is no value head.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> weight =
        Surrogate.clamped(oldLogProb().minus(rolloutLogProb()), c)
            .exp()
            .clip(Clip.atMost(parameter("is_threshold", 2, 0, 1e6)))
            .as("w");
    Term<Token> objective = Surrogate.clipped(r, a, clip, c).weightedBy(weight);
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("is_weight", weight.mean(ALL_TOKENS));
  }
}
