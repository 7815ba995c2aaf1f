package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
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

/** A trust region in total variation, as a mask. */
public final class DppoTv implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "dppo-tv",
            "A trust region in total variation, as a mask",
            new Source(
                "Rethinking the Trust Region in LLM Reinforcement Learning",
                "total variation",
                "https://arxiv.org/abs/2602.04879"))
        .claiming(Claims.normalised(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> p = logProb().stopGradient().exp();
    Detached<Token> old = oldLogProb().exp();
    Detached<Token> moved = p.minus(old).abs().as("D");
    Detached<Batch> low = parameter("clip_low", 0.2, 0, 1e6);
    Detached<Batch> high = parameter("clip_high", 0.2, 0, 1e6);
    Condition<Token> up = a.positive().and(p.above(old)).and(moved.above(high.per(TOKEN))).as("up");
    Condition<Token> down =
        a.negative().and(p.below(old)).and(moved.above(low.per(TOKEN))).as("down");
    Condition<Token> far = up.or(down);
    Detached<Token> r =
        Surrogate.ratio(c)
            .stopGradient()
            .clip(Clip.atMost(parameter("ratio_max", c.dualClip().getOrElse(20.0), 1, 1e6)));
    Detached<Token> weight = select(far, Surrogate.zero(), r).as("w");
    return Diagnostics.policy(
            maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.TOKEN_MEAN)))
        .log("clip_fraction_low", down.indicator().mean(ALL_TOKENS))
        .log("clip_fraction_high", up.indicator().mean(ALL_TOKENS));
  }
}
