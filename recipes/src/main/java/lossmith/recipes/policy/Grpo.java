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

/** Group relative policy optimisation. */
public final class Grpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "grpo",
            "Group relative policy optimisation",
            new Source(
                "DeepSeekMath: Pushing the Limits of Mathematical Reasoning in Open Language"
                    + " Models",
                "eq 3 without its divergence term; Entropy Collapse, eqs 4 and 5",
                "https://arxiv.org/abs/2402.03300"))
        .claiming(Claims.normalised(Aggregation.GROUP_MEAN).append(Claims.clipped()))
        .deviating(
            "A group whose rewards are all equal has advantage 0, where the formula reads 0/0.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    return Diagnostics.clipped(
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.GROUP_MEAN)),
        r,
        a,
        clip);
  }
}
