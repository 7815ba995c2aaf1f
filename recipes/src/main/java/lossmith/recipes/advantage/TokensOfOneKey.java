package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUP_TOKENS;
import static lossmith.dsl.Terms.constant;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;

/** Mean, std and agreement of the tokens of a group that share a key. */
public final class TokensOfOneKey {
  private TokensOfOneKey() {}

  /**
   * {@return the mean over the tokens of the group with the same key}
   *
   * @param x a number per token
   * @param key what tokens are compared by
   */
  public static Detached<Token> mean(Detached<Token> x, Detached<Token> key) {
    Detached<Token> n = constant(1, TOKEN).sumByKey(key, GROUP_TOKENS);
    return x.sumByKey(key, GROUP_TOKENS).dividedBy(n);
  }

  /**
   * {@return the std over the tokens of the group with the same key, with n below the line}
   *
   * @param x a number per token
   * @param key what tokens are compared by
   */
  public static Detached<Token> std(Detached<Token> x, Detached<Token> key) {
    return mean(x.minus(mean(x, key)).square(), key).sqrt();
  }

  /**
   * {@return yes where the tokens of the group with the same key differ by more than rounding: std
   * &gt; 8 ulps of their root mean square, in the type that the group's numbers were recorded in}
   *
   * @param x a number per token
   * @param key what tokens are compared by
   */
  public static Condition<Token> differs(Detached<Token> x, Detached<Token> key) {
    Detached<Token> size = mean(x.square(), key).sqrt();
    Detached<Token> largest = x.abs().max(GROUP_TOKENS).per(TOKEN);
    return std(x, key).times(largest).above(x.rounding(GROUP_TOKENS).per(TOKEN).times(size));
  }
}
