package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Conventions;

/** How much better than its group a response is. */
public final class Advantages {
  private Advantages() {}

  /**
   * The reward of a response against the responses to the same prompt: (r − mean) / (std + ε), eq
   * 4. A group whose rewards agree to rounding ({@link Detached#differs}) has no better response,
   * so its advantage is 0, never rounding over rounding; so is that of a response that is alone,
   * unless the conventions let it keep its reward: then mean and std count as 0 and 1, and A is r /
   * (1 + ε), as in verl's compute_grpo_outcome_advantage.
   *
   * @param reward a number per response
   * @param c the std's denominator, its epsilon and the rule for a group of one
   * @return A, the same at every token of a response
   */
  public static Detached<Token> groupNormalised(Detached<Sequence> reward, Conventions c) {
    return normalised(reward, c).per(TOKEN).as("A");
  }

  /** {@return (r − mean) / (std + ε), a number per response} */
  public static Detached<Sequence> normalised(Detached<Sequence> reward, Conventions c) {
    Detached<Group> std = reward.std(SEQUENCES, c.stdDdof());
    Detached<Sequence> normalised =
        Centred.difference(reward).dividedBy(std.shiftedBy(c.stdEpsilon()).per(SEQUENCE));
    Detached<Sequence> alone = reward.dividedBy(constant(1 + c.stdEpsilon(), SEQUENCE));
    return orAlone(alone, Centred.orNothing(reward, normalised), c);
  }

  /**
   * {@return the reward of a response less the mean of its group, 0 where the group's rewards agree
   * to rounding}
   *
   * @param reward a number per response
   * @param c the rule for a group of one
   */
  public static Detached<Sequence> centred(Detached<Sequence> reward, Conventions c) {
    return orAlone(reward, Centred.of(reward), c);
  }

  /**
   * {@return the advantage, but the reward itself where a response is alone and the conventions say
   * so}
   *
   * @param reward a number per response
   * @param advantage the advantage of a response among others; 0 for one that is alone
   * @param c the rule for a group of one
   */
  public static Detached<Sequence> orAlone(
      Detached<Sequence> reward, Detached<Sequence> advantage, Conventions c) {
    return c.singletonKeepsReward() ? Alone.keeps(reward, advantage) : advantage;
  }

  /**
   * {@return yes for a group whose rewards differ by more than rounding ({@link Detached#differs}):
   * what dynamic sampling keeps}
   */
  public static Condition<Group> informative(Detached<Sequence> reward) {
    return reward.differs(SEQUENCES);
  }
}
