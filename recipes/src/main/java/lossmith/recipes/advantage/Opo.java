package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.length;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;

/**
 * The reward less the length-weighted mean of its group: A_i = r_i − Σ_j |y_j| r_j / Σ_j |y_j|.
 *
 * <p>Source: On-Policy RL with Optimal Reward Baseline, eq 7; https://arxiv.org/abs/2505.23585.
 */
public final class Opo {
  private Opo() {}

  /**
   * {@return the advantage, 0 for a response that is alone and where the rewards of a group agree
   * to rounding}
   *
   * @param reward a number per response
   */
  public static Detached<Sequence> of(Detached<Sequence> reward) {
    Detached<Group> baseline =
        reward.times(length()).sum(SEQUENCES).dividedBy(length().sum(SEQUENCES));
    return Centred.orNothing(reward, reward.minus(baseline.per(SEQUENCE)));
  }
}
