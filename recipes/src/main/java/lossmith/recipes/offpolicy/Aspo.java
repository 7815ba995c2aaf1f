package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
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
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * w·A, w = π/(π_old sg(r)²) with r at most 1 + clip_high where A is positive, of value 1/r, and r
 * at least 1 − clip_low elsewhere; where w is above dual_clip, dual_clip · log π in its place.
 */
public final class Aspo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "aspo",
            "Positive tokens by the inverse of their ratio",
            new Source(
                "ASPO: Asymmetric Importance Sampling Policy Optimization",
                "the flipped ratio of positive tokens; Archer2.0 core_algos.py:537-586",
                "https://arxiv.org/abs/2510.06062"))
        .claiming(Claims.normalised(Aggregation.TOKEN_MEAN).append(Claims.clipped()))
        .deviating(
            "One pair of bounds for all tokens; Archer2.0 has another for tokens of high entropy.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> bound = parameter("dual_clip", 3, 1, 1e6).per(TOKEN);
    Term<Token> up = r.clip(Clip.atMost(clip.high()));
    Detached<Token> held = up.stopGradient();
    Term<Token> down = r.clip(Clip.atLeast(clip.low()));
    Condition<Token> good = a.positive();
    Condition<Token> rare = good.and(held.times(bound).below(constant(1, TOKEN)));
    Condition<Token> grown = good.not().and(down.stopGradient().above(bound));
    Term<Token> weight = select(good, up.dividedBy(held).dividedBy(held), down);
    Term<Token> objective =
        select(rare.or(grown).as("soft"), logProb().weightedBy(bound), weight).times(a);
    return Diagnostics.clipped(
        maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip);
  }
}
