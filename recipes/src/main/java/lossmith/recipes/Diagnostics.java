package lossmith.recipes;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.oldLogProb;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/** The metrics that most objectives log. */
public final class Diagnostics {
  private Diagnostics() {}

  /**
   * {@return the loss, logging approx_kl = mean(log π_old − log π) and token_ratio_mean, the mean
   * of π / π_old of each token, also where the ratio of the objective is that of a response}
   */
  public static Loss policy(Loss loss) {
    Detached<Token> x = logProb().stopGradient().minus(oldLogProb());
    return loss.log("approx_kl", x.negated().mean(ALL_TOKENS)).log(
        "token_ratio_mean", x.exp().mean(ALL_TOKENS));
  }

  /**
   * {@return the loss, logging also clip_fraction_low and clip_fraction_high: the shares of tokens
   * whose ratio is beyond a bound and that A pushes further out, as trainers log them}
   *
   * @param loss the loss
   * @param r the ratio that is clipped
   * @param a the advantage
   * @param clip the bounds
   */
  public static Loss clipped(Loss loss, Term<Token> r, Detached<Token> a, Clip clip) {
    Detached<Token> ratio = r.stopGradient();
    return policy(loss)
        .log(
            "clip_fraction_low",
            ratio.below(clip.low().per(TOKEN)).and(a.negative()).indicator().mean(ALL_TOKENS))
        .log(
            "clip_fraction_high",
            ratio.above(clip.high().per(TOKEN)).and(a.positive()).indicator().mean(ALL_TOKENS));
  }
}
