package lossmith.recipes.trl;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * TRL's RLOO ({@code RLOOTrainer}): PPO's surrogate with the product of a response's ratios, not
 * their geometric mean.
 *
 * @param batch the mask and the advantages
 * @param old the sum of log π_old over each response
 * @param low how far below 1 the ratio may move
 * @param high how far above 1 the ratio may move
 */
public record TrlRloo(TrlBatch batch, Detached<Sequence> old, double low, double high) {

  /** {@return the loss, logging what TRL logs} */
  public Loss loss() {
    Detached<Sequence> a = batch.advantage();
    Term<Sequence> r = logProb().weightedBy(batch.mask()).sum(TOKENS).minus(old).exp().as("r");
    Term<Sequence> objective = min(r.times(a), r.clip(Clip.around(low, high)).times(a));
    Detached<Sequence> detached = r.stopGradient();
    Condition<Sequence> below = detached.below(constant(1 - low, SEQUENCE)).and(a.negative());
    Condition<Sequence> above = detached.above(constant(1 + high, SEQUENCE)).and(a.positive());
    return maximise(objective.mean(ALL_SEQUENCES))
        .log("clip_ratio/low_mean", below.indicator().mean(ALL_SEQUENCES))
        .log("clip_ratio/low_min", below.indicator().min(ALL_SEQUENCES))
        .log("clip_ratio/high_mean", above.indicator().mean(ALL_SEQUENCES))
        .log("clip_ratio/high_max", above.indicator().max(ALL_SEQUENCES))
        .log("clip_ratio/region_mean", below.or(above).indicator().mean(ALL_SEQUENCES));
  }
}
