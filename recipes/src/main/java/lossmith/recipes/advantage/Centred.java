package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;

/**
 * The reward of a response less the mean of its group: A_i = r_i − mean, the advantage of Dr. GRPO.
 *
 * <p>Source: Understanding R1-Zero-Like Training, section 3.1; https://arxiv.org/abs/2503.20783.
 */
public final class Centred {
  private Centred() {}

  /**
   * {@return the advantage, 0 for a response that is alone and where the rewards of a group agree
   * to rounding}
   *
   * @param reward a number per response
   */
  public static Detached<Sequence> of(Detached<Sequence> reward) {
    return orNothing(reward, difference(reward));
  }

  /**
   * {@return r − mean and nothing else; of rewards that agree to rounding it is rounding}
   *
   * @param reward a number per response
   */
  public static Detached<Sequence> difference(Detached<Sequence> reward) {
    return reward.minus(reward.mean(SEQUENCES).per(SEQUENCE));
  }

  /**
   * {@return the advantage where the rewards of a group differ by more than rounding, 0 elsewhere,
   * as for a response that is alone}
   *
   * @param reward a number per response
   * @param advantage what is computed of the differences of a group's rewards
   */
  public static Detached<Sequence> orNothing(
      Detached<Sequence> reward, Detached<Sequence> advantage) {
    return select(reward.differs(SEQUENCES).per(SEQUENCE), advantage, constant(0, SEQUENCE));
  }
}
