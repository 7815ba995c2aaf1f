package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;

/** The discounted reward still to come: G_t = r_t + γ G_(t+1), in units of reward. */
public final class Returns {
  private Returns() {}

  /**
   * {@return the discounted reward to go}
   *
   * @param reward a reward per token
   * @param gamma the discount, between 0 and 1
   */
  public static Detached<Token> of(Detached<Token> reward, double gamma) {
    return scanBackward(reward, constant(gamma, TOKEN));
  }

  /**
   * {@return the discounted reward to go, carried unchanged over tokens that the policy did not
   * choose, such as a tool's answer}
   *
   * @param reward a reward per token; one at a token that the policy did not choose is left out
   * @param gamma the discount, between 0 and 1
   * @param acts which tokens the policy chose
   */
  public static Detached<Token> of(Detached<Token> reward, double gamma, Condition<Token> acts) {
    Detached<Token> zero = constant(0, TOKEN);
    return scanBackward(
        select(acts, reward, zero), select(acts, constant(gamma, TOKEN), constant(1, TOKEN)));
  }
}
