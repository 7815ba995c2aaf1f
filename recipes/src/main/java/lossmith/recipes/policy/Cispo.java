package lossmith.recipes.policy;

import static lossmith.dsl.Terms.logProb;
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

/** Clipped importance weights that never stop a token's gradient. */
public final class Cispo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "cispo",
            "Clipped importance weights that never stop a token's gradient",
            new Source(
                "MiniMax-M1: Scaling Test-Time Compute Efficiently with Lightning Attention",
                "eqs 4 and 5; Entropy Collapse, eq 7 with its log π",
                "https://arxiv.org/abs/2506.13585"))
        .claiming(Claims.normalised(Aggregation.GROUP_MEAN))
        .deviating(
            "The bounds are 1 − clip_low and 1 + clip_high on both sides.",
            "The mean is GRPO's, as eq 7 prints it; MiniMax-M1 divides by the tokens of a group.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> weight = r.clip(clip).stopGradient();
    return Diagnostics.clipped(
        maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.GROUP_MEAN)),
        r,
        a,
        clip);
  }
}
