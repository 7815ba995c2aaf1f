package lossmith.recipes.surrogate;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.recipes.Conventions;

/** The pieces that clipped objectives share. */
public final class Surrogate {
  private Surrogate() {}

  /** {@return log π − log π_old, clamped where the conventions say so} */
  public static Term<Token> logRatio(Conventions c) {
    Term<Token> x = logProb().minus(oldLogProb());
    return c.logRatioClamp().map(b -> x.clip(Clip.between(-b, b))).getOrElse(x);
  }

  /** {@return a detached log-ratio, clamped where the conventions say so} */
  public static Detached<Token> clamped(Detached<Token> x, Conventions c) {
    return c.logRatioClamp().map(b -> x.clip(Clip.between(-b, b))).getOrElse(x);
  }

  /** {@return the importance ratio r under these conventions} */
  public static Term<Token> ratio(Conventions c) {
    return logRatio(c).exp().as("r");
  }

  /**
   * {@return min(r·A, clip(r)·A), and where A is negative not below c·A if the conventions have a
   * dual clip}
   */
  public static Term<Token> clipped(Term<Token> r, Detached<Token> a, Clip clip, Conventions c) {
    Term<Token> pessimistic = clipped(r, a, clip);
    return c.dualClip()
        .map(
            bound ->
                select(a.negative(), max(pessimistic, a.scaledBy(dualClip(bound))), pessimistic))
        .getOrElse(pessimistic);
  }

  /** {@return min(r·A, clip(r)·A)} */
  public static Term<Token> clipped(Term<Token> r, Detached<Token> a, Clip clip) {
    return min(r.times(a), r.clip(clip).times(a));
  }

  /** {@return [1 − clip_low, 1 + clip_high], both fed at run time} */
  public static Clip trustRegion(double low, double high) {
    return Clip.around(
        Terms.parameter("clip_low", low, 0, 1), Terms.parameter("clip_high", high, 0, 100));
  }

  /** {@return k3 = e^d − d − 1 ≥ 0 with d = log π_ref − log π, clamped as the conventions say} */
  public static Term<Token> k3(Detached<Token> reference, Conventions c) {
    Term<Token> d = reference.minus(logProb());
    Term<Token> clamped = c.logRatioClamp().map(b -> d.clip(Clip.between(-b, b))).getOrElse(d);
    Term<Token> k3 = clamped.expRemainder();
    return c.klClamp().map(b -> k3.clip(Clip.between(-b, b))).getOrElse(k3);
  }

  private static Parameter dualClip(double bound) {
    return Terms.parameter("dual_clip", bound, 1, 1e6);
  }

  /**
   * {@return SAPO's 4σ(τ(r − 1))/τ · A, τ by the sign of A, both fed at run time}
   *
   * @param r the importance ratio
   * @param a A
   */
  public static Term<Token> softGated(Term<Token> r, Detached<Token> a) {
    Detached<Batch> positive = Terms.parameter("tau_pos", 1, 1e-3, 1e3);
    Detached<Batch> negative = Terms.parameter("tau_neg", 1.05, 1e-3, 1e3);
    Detached<Token> tau = select(a.positive(), positive.per(TOKEN), negative.per(TOKEN)).as("τ");
    Term<Token> x = r.shiftedBy(-1);
    return x.times(tau).sigmoid().dividedBy(tau).scaledBy(4).times(a);
  }

  /** {@return the upper bound max as a clip} */
  public static Clip atMost(double max) {
    return Clip.atMost(constant(max, BATCH));
  }

  /** {@return 0 at each token} */
  public static Detached<Token> zero() {
    return constant(0, TOKEN);
  }
}
