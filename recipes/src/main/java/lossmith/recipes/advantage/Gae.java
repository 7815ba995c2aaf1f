package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;

/**
 * Generalised advantage estimation: A_t = δ_t + γλ A_(t+1), δ_t = r_t + γ V_(t+1) − V_t, over the
 * tokens of one response, in units of reward.
 *
 * <p>Behind the last token the advantage is 0. The value there is 0 too, which says that the
 * response is at its end: right where it is finished. For a response that was cut, {@link
 * #behindCut} gives the value from which the last target goes on.
 *
 * <p>Where some tokens are not the policy's, the recursion runs over those of the policy alone:
 * others neither discount nor cut, their values are not read, and their rewards are {@link Earned}
 * by the policy's token before them.
 *
 * <p>Source: High-Dimensional Continuous Control Using Generalized Advantage Estimation, eqs 11 to
 * 16; https://arxiv.org/abs/1506.02438. At λ = 1 it is the discounted return less the value.
 */
public final class Gae {
  private Gae() {}

  /**
   * {@return the advantage where the policy chose every token and every response ends at its last,
   * a cut one too}
   *
   * @param reward a reward per token
   * @param value the value head's prediction, detached
   * @param gamma the discount, between 0 and 1
   * @param lambda how far errors are traced, between 0 and 1
   */
  public static Detached<Token> of(
      Detached<Token> reward, Detached<Token> value, double gamma, double lambda) {
    Detached<Token> error = reward.plus(next(value, 0).scaledBy(gamma)).minus(value);
    return scanBackward(error, constant(gamma * lambda, TOKEN)).as("A");
  }

  /**
   * {@return the advantage over the tokens that the policy chose, carried unchanged over the
   * others, where every response ends at its last token, a cut one too}
   *
   * @param reward a reward per token
   * @param value the value head's prediction, detached
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
    return of(reward, value, gamma, lambda, acts, constant(0, SEQUENCE));
  }

  /**
   * {@return the advantage over the tokens that the policy chose, carried unchanged over the
   * others}
   *
   * @param reward a reward per token
   * @param value the value head's prediction, detached
   * @param gamma the discount, between 0 and 1
   * @param lambda how far errors are traced, between 0 and 1
   * @param acts which tokens the policy chose
   * @param behind the value behind the last token of each response, 0 at an end
   */
  public static Detached<Token> of(
      Detached<Token> reward,
      Detached<Token> value,
      double gamma,
      double lambda,
      Condition<Token> acts,
      Detached<Sequence> behind) {
    Detached<Token> zero = constant(0, TOKEN);
    Detached<Token> one = constant(1, TOKEN);
    Detached<Token> carried = scanBackward(select(acts, value, zero), select(acts, zero, one));
    Detached<Token> ahead = select(Earned.last(acts), behind.per(TOKEN), next(carried, 0));
    Detached<Token> error = Earned.of(reward, acts).plus(ahead.scaledBy(gamma)).minus(value);
    return scanBackward(
            select(acts, error, zero), select(acts, constant(gamma * lambda, TOKEN), one))
        .as("A");
  }

  /**
   * {@return the value behind the last token: that of the state which a response was cut in, 0
   * where it is finished}
   *
   * @param finished 1 for a response that ended by itself, 0 for one that was cut
   * @param next the value of the state behind the last token, read where a response was cut
   */
  public static Detached<Sequence> behindCut(Detached<Sequence> finished, Detached<Sequence> next) {
    return select(finished.positive(), constant(0, SEQUENCE), next);
  }
}
