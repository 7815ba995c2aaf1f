package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;

/**
 * Generalised advantage estimation: A_t = δ_t + γλ A_(t+1), δ_t = r_t + γ V_(t+1) − V_t, with value
 * and advantage 0 behind the last token.
 *
 * <p>Source: High-Dimensional Continuous Control Using Generalized Advantage Estimation, eqs 11 to
 * 16; https://arxiv.org/abs/1506.02438. At λ = 1 it is the discounted return less the value.
 */
public final class Gae {
  private Gae() {}

  /**
   * {@return the advantage, in units of reward}
   *
   * @param reward a reward per token
   * @param value the value head's prediction, held
   * @param gamma the discount, between 0 and 1
   * @param lambda how far errors are traced, between 0 and 1
   */
  public static Detached<Token> of(
      Detached<Token> reward, Detached<Token> value, double gamma, double lambda) {
    Detached<Token> error = reward.plus(next(value, 0).scaledBy(gamma)).minus(value);
    return scanBackward(error, constant(gamma * lambda, TOKEN)).as("A");
  }

  /**
   * {@return the advantage where some tokens were not chosen by the policy: value and advantage are
   * carried over them unchanged (verl's {@code compute_gae_advantage_return})}
   *
   * @param reward a reward per token
   * @param value the value head's prediction, held
   * @param gamma the discount, between 0 and 1
   * @param lambda how far errors are traced, between 0 and 1
   * @param acts which tokens the policy chose
   */
  public static Detached<Token> of(
      Detached<Token> reward,
      Detached<Token> value,
      double gamma,
      double lambda,
      Condition<Token> acts) {
    Detached<Token> zero = constant(0, TOKEN);
    Detached<Token> one = constant(1, TOKEN);
    Detached<Token> carried = scanBackward(select(acts, value, zero), select(acts, zero, one));
    Detached<Token> error = reward.plus(next(carried, 0).scaledBy(gamma)).minus(value);
    return scanBackward(
            select(acts, error, zero), select(acts, constant(gamma * lambda, TOKEN), one))
        .as("A");
  }
}
