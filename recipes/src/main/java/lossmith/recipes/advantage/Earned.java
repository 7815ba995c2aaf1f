package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.scanForward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;

/**
 * To which tokens of the policy rewards belong. A reward on a token that the policy did not choose,
 * such as a tool's answer, was earned by the last token of the policy before it, and one before all
 * tokens of the policy counts for the first of them, so that nothing of it is lost. Where a
 * response has no token of the policy, nobody earned its rewards.
 */
public final class Earned {
  private Earned() {}

  /**
   * {@return what each token of the policy earned, in units of reward: its own reward and, not
   * discounted, those of the tokens behind it up to the policy's next one; 0 at all other tokens}
   *
   * @param reward a reward per token
   * @param acts which tokens the policy chose
   */
  public static Detached<Token> of(Detached<Token> reward, Condition<Token> acts) {
    Detached<Token> zero = constant(0, TOKEN);
    Detached<Token> one = constant(1, TOKEN);
    Detached<Token> others = select(acts, zero, reward);
    Detached<Token> behind = next(scanBackward(others, select(acts, zero, one)), 0);
    Condition<Token> first = scanForward(acts.indicator(), one).atMost(one);
    Detached<Token> before = select(first, scanForward(others, one), zero);
    return select(acts, reward.plus(behind).plus(before), zero);
  }

  /** {@return yes for the last token that the policy chose and for all tokens behind it} */
  static Condition<Token> last(Condition<Token> acts) {
    Detached<Token> one = constant(1, TOKEN);
    return scanBackward(acts.indicator(), one).atMost(one);
  }
}
