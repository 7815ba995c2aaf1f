package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;

import lossmith.dsl.Axis;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;

/**
 * Zero mean and unit scale over the tokens that count: (x − mean) / √(var + ε).
 *
 * <p>verl's {@code masked_whiten}: variance with n − 1, ε = 1e-8 under the root and added to every
 * count. OpenRLHF: variance with n, clamped to at least 1e-8.
 */
public final class Whitening {
  private static final double EPSILON = 1e-8;

  private Whitening() {}

  /**
   * {@return x with mean 0 and variance 1 over all tokens, as verl rounds it}
   *
   * @param x any number per token
   */
  public static Detached<Token> unbiased(Detached<Token> x) {
    return unbiased(x, ALL_TOKENS);
  }

  /**
   * {@return x with mean 0 and variance 1 over the tokens that count, as verl rounds it; tokens
   * that do not count are moved and scaled alike}
   *
   * @param x any number per token
   * @param counts which tokens the mean and the variance are taken of
   */
  public static Detached<Token> unbiased(Detached<Token> x, Condition<Token> counts) {
    return unbiased(x, ALL_TOKENS.where(counts));
  }

  private static Detached<Token> unbiased(Detached<Token> x, Over<Token, Batch> over) {
    Detached<Batch> n = count(over);
    Detached<Batch> padded = n.shiftedBy(EPSILON);
    Detached<Token> centred = x.minus(x.sum(over).dividedBy(padded).per(TOKEN));
    Detached<Batch> variance =
        centred.square().sum(over).dividedBy(padded).times(n).dividedBy(n.shiftedBy(-1));
    return centred.dividedBy(variance.shiftedBy(EPSILON).sqrt().per(TOKEN));
  }

  /**
   * {@return x with mean 0 and variance 1 over the tokens that count, as OpenRLHF rounds it}
   *
   * @param x any number per token
   * @param counts which tokens the mean and the variance are taken of
   */
  public static Detached<Token> biased(Detached<Token> x, Condition<Token> counts) {
    Over<Token, Batch> over = ALL_TOKENS.where(counts);
    Detached<Token> centred = x.minus(x.mean(over).per(TOKEN));
    Detached<Batch> variance = centred.square().mean(over);
    Detached<Batch> atLeast = lossmith.dsl.Terms.max(variance, constant(EPSILON, Axis.BATCH));
    return centred.dividedBy(atLeast.sqrt().per(TOKEN));
  }
}
