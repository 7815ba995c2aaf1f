package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;

/** Each token's share of Cov(log π, A), which drives the change in entropy (eq 12). */
public final class Covariance {
  private Covariance() {}

  /** {@return (A − mean A)(log π − mean log π), means over all tokens, no gradient} */
  public static Detached<Token> of(Detached<Token> a) {
    return centred(a).times(centred(logProb().stopGradient())).as("cov");
  }

  private static Detached<Token> centred(Detached<Token> x) {
    return x.minus(x.mean(ALL_TOKENS).per(TOKEN));
  }
}
