package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
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

/** Off-policy sequence masking. */
public final class Opsm implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "opsm",
            "Negative responses that the policy has left are dropped",
            new Source(
                "DeepSeek-V3.2: Pushing the Frontier of Open Large Language Models",
                "off-policy sequence masking; slime ppo_utils.py:54",
                "https://arxiv.org/abs/2512.02556"))
        .claiming(new Claim.Homogeneous("A"), new Claim.Sign("A"), new Claim.GroupNormalised("A"))
        .deviating("Masked responses stay in the denominator, as in slime and TRL.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> away =
        oldLogProb().minus(logProb().stopGradient()).mean(TOKENS).as("away").per(TOKEN);
    Condition<Token> dropped =
        a.negative()
            .and(away.above(parameter("opsm_delta", 1e-4, 0, 1e6).per(TOKEN)))
            .as("dropped");
    Term<Token> objective = select(dropped, Surrogate.zero(), Surrogate.clipped(r, a, clip, c));
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("dropped", dropped.indicator().mean(ALL_TOKENS));
  }
}
