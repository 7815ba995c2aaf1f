package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Axis;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;

/**
 * Only the best response of a group learns, by its lead over the second best: A = (r_(1) − r_(2)) /
 * (std + ε) for the best, 0 for the others.
 *
 * <p>Source: verl's {@code compute_grpo_passk_outcome_advantage}, after Pass@k Policy Optimization;
 * https://arxiv.org/abs/2503.19595. With two equally good responses nobody leads.
 */
public final class PassAtK {
  private PassAtK() {}

  /**
   * {@return the lead of the best response, in units of reward; 0 where it is no more than
   * rounding, and for a response that is alone}
   *
   * @param reward a number per response
   */
  public static Detached<Sequence> lead(Detached<Sequence> reward) {
    Detached<Group> ahead = reward.max(SEQUENCES).minus(second(reward));
    Condition<Group> leads = ahead.above(reward.rounding(SEQUENCES)).and(reward.differs(SEQUENCES));
    return select(leads.per(SEQUENCE), ahead(reward), constant(0, SEQUENCE));
  }

  /**
   * {@return the lead over the std of the group, as verl computes it: of rewards that agree to
   * rounding, rounding over what is added}
   *
   * @param reward a number per response
   * @param epsilon added to the std
   */
  public static Detached<Sequence> normalised(Detached<Sequence> reward, double epsilon) {
    Detached<Group> std = reward.std(SEQUENCES, 1).shiftedBy(epsilon);
    return select(
        std.above(constant(0, Axis.GROUP)).per(SEQUENCE),
        ahead(reward).dividedBy(std.per(SEQUENCE)),
        constant(0, SEQUENCE));
  }

  private static Detached<Sequence> ahead(Detached<Sequence> reward) {
    Condition<Sequence> best = reward.rank(SEQUENCES).below(constant(1, SEQUENCE));
    return select(best, reward.minus(second(reward).per(SEQUENCE)), constant(0, SEQUENCE));
  }

  private static Detached<Group> second(Detached<Sequence> reward) {
    Detached<Sequence> rank = reward.rank(SEQUENCES);
    return reward.max(SEQUENCES.where(rank.atLeast(constant(1, SEQUENCE))));
  }
}
