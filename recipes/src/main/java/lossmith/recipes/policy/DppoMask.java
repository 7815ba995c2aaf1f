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
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * A trust region as a mask: a token teaches nothing once the policy has moved farther from π_old
 * than a bound, to the side to which its advantage pushes it.
 */
final class DppoMask {
  private DppoMask() {}

  /** {@return the policy gradient with the detached ratio as weight, 0 where moved is too far} */
  static Loss of(Detached<Token> moved, Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> p = logProb().stopGradient().exp();
    Detached<Token> old = oldLogProb().exp();
    Detached<Batch> low = parameter("clip_low", 0.2, 0, 1e6);
    Detached<Batch> high = parameter("clip_high", 0.2, 0, 1e6);
    Condition<Token> up = a.positive().and(p.above(old)).and(moved.above(high.per(TOKEN))).as("up");
    Condition<Token> down =
        a.negative().and(p.below(old)).and(moved.above(low.per(TOKEN))).as("down");
    Detached<Token> r =
        Surrogate.ratio(c)
            .stopGradient()
            .clip(Clip.atMost(parameter("ratio_max", c.dualClip().getOrElse(20.0), 1, 1e6)));
    Detached<Token> weight = select(up.or(down), Surrogate.zero(), r).as("w");
    return Diagnostics.policy(
            maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.TOKEN_MEAN)))
        .log("clip_fraction_low", down.indicator().mean(ALL_TOKENS))
        .log("clip_fraction_high", up.indicator().mean(ALL_TOKENS));
  }
}
