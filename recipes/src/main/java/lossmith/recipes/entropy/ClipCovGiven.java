package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
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

/** Clip-Cov with its tokens chosen elsewhere, in the column selected. */
public final class ClipCovGiven implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "clip-cov-given",
            "Clip-Cov with its tokens chosen elsewhere, in the column selected",
            new Source(
                "The Entropy Mechanism of Reinforcement Learning for Reasoning Language Models",
                "Clip-Cov; Entropy Collapse, section 5",
                "https://arxiv.org/abs/2505.22617"))
        .claiming(new Claim.Sign("A"), new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = ratio();
    Condition<Token> dropped = given("selected", TOKEN).positive();
    Term<Token> objective = select(dropped, Surrogate.zero(), Surrogate.clipped(r, a, clip));
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("dropped", dropped.indicator().mean(ALL_TOKENS));
  }
}
