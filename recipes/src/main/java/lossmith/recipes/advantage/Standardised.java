package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;

/**
 * The reward less the mean of its group, over a std with n − 1: of the group (GRPO, eq 4), of the
 * whole batch (TRL's {@code scale_rewards="batch"}, after Lite PPO), or of the batch in both mean
 * and std (the second step of TRL's {@code normalize_then_sum}).
 */
public final class Standardised {
  private Standardised() {}

  /**
   * {@return (r − mean of the group) / (std of the group + ε) of the responses that count, 0 of
   * others}
   *
   * @param reward a number per response
   * @param counts which responses there is a reward of
   * @param epsilon added to the std
   */
  public static Detached<Sequence> byGroup(
      Detached<Sequence> reward, Condition<Sequence> counts, double epsilon) {
    Detached<Sequence> std =
        reward.std(SEQUENCES.where(counts), 1).per(SEQUENCE).shiftedBy(epsilon);
    return select(counts, difference(reward, counts).dividedBy(std), constant(0, SEQUENCE));
  }

  /**
   * {@return (r − mean of the group) / (std of the batch + ε) of the responses that count, 0 of
   * others}
   *
   * @param reward a number per response
   * @param counts which responses there is a reward of
   * @param epsilon added to the std
   */
  public static Detached<Sequence> byGroupAndBatch(
      Detached<Sequence> reward, Condition<Sequence> counts, double epsilon) {
    Detached<Sequence> std =
        reward.std(ALL_SEQUENCES.where(counts), 1).per(SEQUENCE).shiftedBy(epsilon);
    return select(counts, difference(reward, counts).dividedBy(std), constant(0, SEQUENCE));
  }

  /**
   * {@return (r − mean of the batch) / (std of the batch + ε) of the responses that count, 0 of
   * others}
   *
   * @param reward a number per response
   * @param counts which responses there is a reward of
   * @param epsilon added to the std
   */
  public static Detached<Sequence> byBatch(
      Detached<Sequence> reward, Condition<Sequence> counts, double epsilon) {
    var over = ALL_SEQUENCES.where(counts);
    Detached<Sequence> std = reward.std(over, 1).per(SEQUENCE).shiftedBy(epsilon);
    Detached<Sequence> difference = reward.minus(reward.mean(over).per(SEQUENCE));
    return select(counts, difference.dividedBy(std), constant(0, SEQUENCE));
  }

  /**
   * {@return r − mean of the group, of the responses that count, 0 of others}
   *
   * @param reward a number per response
   * @param counts which responses there is a reward of
   */
  public static Detached<Sequence> centred(Detached<Sequence> reward, Condition<Sequence> counts) {
    return select(counts, difference(reward, counts), constant(0, SEQUENCE));
  }

  private static Detached<Sequence> difference(
      Detached<Sequence> reward, Condition<Sequence> counts) {
    return reward.minus(reward.mean(SEQUENCES.where(counts)).per(SEQUENCE));
  }
}
