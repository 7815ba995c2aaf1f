package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.value;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;

/**
 * The squared error of the value head, pessimistic about steps beyond a range around the old value:
 * max((v − R)², (clip(v, v_old − ε, v_old + ε) − R)²) / 2 (PPO's value clipping).
 *
 * @param old v_old of each token
 * @param returns R of each token
 * @param range ε, at least 0, in the units of the value
 */
public record ClippedValueLoss(
    Detached<Token> old, Detached<Token> returns, Detached<Token> range) {
  /**
   * The same with a fixed range.
   *
   * @param old what the value head said before
   * @param returns the target
   * @param range ε, at least 0
   */
  public ClippedValueLoss(Detached<Token> old, Detached<Token> returns, double range) {
    this(old, returns, constant(notNegative(range), TOKEN));
  }

  private static double notNegative(double range) {
    if (!(range >= 0)) {
      throw Problem.of("range", "range = " + range, "a number >= 0", "0 or a positive range")
          .exception();
    }
    return range;
  }

  /** {@return the loss of each token} */
  public Term<Token> perToken() {
    return max(plain(), clipped()).scaledBy(0.5);
  }

  /** {@return yes where the clipped value has the larger error} */
  public Condition<Token> clips() {
    return clipped().stopGradient().above(plain().stopGradient());
  }

  private Term<Token> plain() {
    return value().minus(returns).square();
  }

  private Term<Token> clipped() {
    return value().clipBetween(old.minus(range), old.plus(range)).minus(returns).square();
  }
}
