package lossmith.recipes.entropy;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;

/** A penalty on moving the tokens of the highest covariance. */
public final class KlCov implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "kl-cov",
            "A penalty on moving the tokens of the highest covariance",
            new Source(
                "The Entropy Mechanism of Reinforcement Learning for Reasoning Language Models",
                "KL-Cov; Entropy Collapse, section 5",
                "https://arxiv.org/abs/2505.22617"))
        .claiming(new Claim.OnPolicy("A", x -> x.mean(ALL_TOKENS)), new Claim.GroupNormalised("A"))
        .deviating(
            "The penalty is |log π − log π_old| as the authors' code has it, whose gradient is 0 on"
                + " policy.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Parameter fraction = parameter("cov_share", 2e-4, 0, 1);
    Condition<Token> top = Covariance.of(a).topFraction(fraction, 1, ALL_TOKENS).as("top");
    Term<Token> penalty =
        logProb().minus(oldLogProb()).abs().scaledBy(parameter("kl_coef", 1, 0, 1e6));
    Term<Token> surrogate = ratio().times(a);
    Term<Token> objective = select(top, surrogate.minus(penalty), surrogate);
    return Diagnostics.policy(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)));
  }
}
