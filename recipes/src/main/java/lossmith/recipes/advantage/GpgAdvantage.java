package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.max;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;

/**
 * The centred reward, larger where few responses have any: A_i = α (r_i − mean) / F, α = N / #{j :
 * r_j ≠ 0}.
 *
 * <p>Source: GPG: A Simple and Strong Reinforcement Learning Baseline, eq 6 as verl's {@code
 * compute_gpg_outcome_advantage} counts: rewards that are not 0, where the paper counts groups with
 * a gradient; https://arxiv.org/abs/2504.02546.
 */
public final class GpgAdvantage {
  private GpgAdvantage() {}

  /**
   * {@return the advantage, in units of reward}
   *
   * @param reward a number per response
   * @param centred the reward less its baseline
   * @param norm F, what the advantage is divided by
   */
  public static Detached<Sequence> of(
      Detached<Sequence> reward, Detached<Sequence> centred, double norm) {
    Detached<Batch> rewarded =
        count(ALL_SEQUENCES.where(reward.abs().above(constant(0, SEQUENCE))));
    Detached<Batch> alpha = count(ALL_SEQUENCES).dividedBy(max(rewarded, constant(1, BATCH)));
    return centred.times(alpha.per(SEQUENCE)).scaledBy(1 / norm);
  }
}
