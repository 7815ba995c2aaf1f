package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Axis;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;

/**
 * A response that is alone in its group has nothing to be compared with: its advantage is 0, or its
 * reward ({@link lossmith.recipes.Conventions#singletonKeepsReward()}).
 */
public final class Alone {
  private Alone() {}

  /** {@return yes for a group of one} */
  public static Condition<Group> group() {
    return groupSize().atMost(constant(1, Axis.GROUP));
  }

  /**
   * {@return the advantage, and the reward itself where a response is alone}
   *
   * @param reward a number per response
   * @param advantage the advantage of a response among others
   */
  public static Detached<Sequence> keeps(Detached<Sequence> reward, Detached<Sequence> advantage) {
    return select(group().per(SEQUENCE), reward, advantage);
  }
}
