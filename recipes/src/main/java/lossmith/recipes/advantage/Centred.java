package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.SEQUENCES;

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
   * {@return the advantage, 0 for a response that is alone}
   *
   * @param reward a number per response
   */
  public static Detached<Sequence> of(Detached<Sequence> reward) {
    return reward.minus(reward.mean(SEQUENCES).per(SEQUENCE));
  }
}
