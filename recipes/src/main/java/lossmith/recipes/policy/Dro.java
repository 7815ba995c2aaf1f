package lossmith.recipes.policy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;

/** A quadratic penalty on the log-ratio. */
public final class Dro implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "dro",
            "A quadratic penalty on the log-ratio",
            new Source(
                "Offline Regularised Reinforcement Learning for Large Language Models Alignment",
                "the policy's part",
                "https://arxiv.org/abs/2405.19107"))
        .claiming(
            Claims.normalised(Aggregation.TOKEN_MEAN)
                .remove(new Claim.Homogeneous("A"))
                .remove(new Claim.Sign("A")))
        .deviating(
            "The advantage is the group-normalised reward: there is no value head.",
            "The penalty is per token and towards π_old, as verl has it; the paper's is of the"
                + " response, towards π_ref.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Term<Token> penalty =
        logProb()
            .minus(oldLogProb())
            .square()
            .scaledBy(parameter("beta", 0.1, 0, 1e6))
            .scaledBy(0.5);
    return Diagnostics.policy(
        maximise(c.aggregate(logProb().times(a).minus(penalty), Aggregation.TOKEN_MEAN)));
  }
}
