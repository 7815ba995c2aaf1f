package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;

/**
 * The discounted reward still to come: G_t = r_t + γ G_(t+1), in units of reward. Behind the last
 * token nothing is to come: a response that was cut counts as one that ended there. Where there is
 * a value of the state behind a cut, {@link Gae} at λ = 1 goes on from it.
 */
public final class Returns {
  private Returns() {}

  /**
   * {@return the discounted reward to go where the policy chose every token}
   *
   * @param reward a reward per token
   * @param gamma the discount, between 0 and 1
   */
  public static Detached<Token> of(Detached<Token> reward, double gamma) {
    return scanBackward(reward, constant(gamma, TOKEN));
  }

  /**
   * {@return the discounted reward to go, carried unchanged over tokens that the policy did not
   * choose, such as a tool's answer, whose rewards are {@link Earned} by the policy's token before
   * them}
   *
   * @param reward a reward per token
   * @param gamma the discount, between 0 and 1
   * @param acts which tokens the policy chose
   */
  public static Detached<Token> of(Detached<Token> reward, double gamma, Condition<Token> acts) {
    return scanBackward(
        Earned.of(reward, acts), select(acts, constant(gamma, TOKEN), constant(1, TOKEN)));
  }
}
