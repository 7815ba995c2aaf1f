package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.max;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;

/**
 * The centred reward, larger where few responses teach anything: A_i = α (r_i − mean), α = N / #{j
 * : the rewards to j's prompt are not all equal}.
 *
 * <p>Source: GPG: A Simple and Strong Reinforcement Learning Baseline for Model Reasoning, the
 * advantage with F_norm = 1 and α = B / (B − M); https://arxiv.org/abs/2504.02546.
 */
public final class GpgAdvantage {
  private GpgAdvantage() {}

  /**
   * {@return the advantage, in units of reward; 0 where no prompt teaches anything}
   *
   * @param reward a number per response
   * @param centred the reward less its baseline
   */
  public static Detached<Sequence> of(Detached<Sequence> reward, Detached<Sequence> centred) {
    return rescaled(Advantages.informative(reward).per(SEQUENCE), centred);
  }

  /**
   * {@return the same over F, with α = N / #{j : r_j ≠ 0}, as verl's {@code
   * compute_gpg_outcome_advantage} counts}
   *
   * @param reward a number per response
   * @param centred the reward less its baseline
   * @param norm F, what the advantage is divided by
   */
  public static Detached<Sequence> ofRewarded(
      Detached<Sequence> reward, Detached<Sequence> centred, double norm) {
    return rescaled(reward.abs().above(constant(0, SEQUENCE)), centred).scaledBy(1 / norm);
  }

  private static Detached<Sequence> rescaled(
      Condition<Sequence> counts, Detached<Sequence> centred) {
    Detached<Batch> counted = max(count(ALL_SEQUENCES.where(counts)), constant(1, BATCH));
    return centred.times(count(ALL_SEQUENCES).dividedBy(counted).per(SEQUENCE));
  }
}
