package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** PPO and imitation of what was right. */
public final class VapoNll implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "vapo-nll",
            "PPO with a likelihood term on correct responses",
            new Source(
                "VAPO: Efficient and Reliable Reinforcement Learning for Advanced Reasoning Tasks",
                "positive example LM loss",
                "https://arxiv.org/abs/2504.05118"))
        .claiming(new Claim.GroupNormalised("A"))
        .deviating(
            "The advantage is the group-normalised reward: there is no value head.",
            "The likelihood is averaged over the tokens of correct responses in the batch.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Condition<Token> correct = reward().positive().as("correct").per(TOKEN);
    Loss policy = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS));
    Loss likelihood =
        maximise(logProb().mean(ALL_TOKENS.where(correct)))
            .scaledBy(parameter("nll_coef", 0.1, 0, 1e6))
            .as("nll");
    return Diagnostics.clipped(policy.plus(likelihood), r, a, clip);
  }
}
