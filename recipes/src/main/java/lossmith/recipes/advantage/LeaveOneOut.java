package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.max;

import lossmith.dsl.Axis;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;

/**
 * The reward of a response less the mean reward of the others to the same prompt: A_i = r_i −
 * (1/(G−1)) Σ_(j≠i) r_j = G/(G−1) · (r_i − mean).
 *
 * <p>Source: Back to Basics: Revisiting REINFORCE Style Optimization, RLOO, section 3.2;
 * https://arxiv.org/abs/2402.14740.
 */
public final class LeaveOneOut {
  private LeaveOneOut() {}

  /**
   * {@return the advantage; 0 for a response without others and where the rewards of a group agree
   * to rounding}
   *
   * @param reward a number per response
   */
  public static Detached<Sequence> of(Detached<Sequence> reward) {
    Detached<Group> others = groupSize().shiftedBy(-1);
    Detached<Group> factor = groupSize().dividedBy(max(others, constant(1, Axis.GROUP)));
    return Centred.of(reward).times(factor.per(SEQUENCE));
  }

  /**
   * {@return the advantage; a response without others keeps its reward (verl's {@code rloo})}
   *
   * @param reward a number per response
   */
  public static Detached<Sequence> keepingSingle(Detached<Sequence> reward) {
    return Alone.keeps(reward, of(reward));
  }
}
