package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.scanForward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;

/**
 * d_t = log π_ref(y_t) − log π_old(y_t), clamped to ±20: how much more probable the sampled token
 * is under the teacher, which is the reference policy. Its mean over samples is −KL(π_old ‖ π_ref).
 * It is clamped so that its product with a saturated ratio is finite.
 */
public final class Teacher {
  private Teacher() {}

  /** {@return d_t in nats} */
  public static Detached<Token> gap() {
    return referenceLogProb().minus(oldLogProb()).clip(Clip.between(-20, 20)).as("d");
  }

  /**
   * {@return Σ_(u ≥ t) γ^(u − t) d_u}
   *
   * @param gamma the discount, between 0 and 1
   */
  public static Detached<Token> toGo(double gamma) {
    return Returns.of(gap(), gamma);
  }

  /**
   * {@return w_t d_t with w_t = 1 + amplification · (1 − Σ_(u &lt; t) |d_u| / Σ_u |d_u|): tokens
   * count less after a prefix that is already far from the teacher (On the Position Bias of
   * On-Policy Distillation, algorithm 1); w_t = 1 + amplification where all d_u are 0}
   */
  public static Detached<Token> early() {
    Detached<Token> d = gap();
    Detached<Token> one = constant(1, TOKEN);
    Detached<Token> before = scanForward(d.abs(), one).minus(d.abs());
    Detached<Token> whole = d.abs().sum(TOKENS).per(TOKEN);
    Detached<Token> share = before.dividedBy(select(whole.positive(), whole, one)).as("s");
    return one.minus(share)
        .scaledBy(parameter("amplification", 0.5, 0, 1e3))
        .shiftedBy(1)
        .as("w")
        .times(d);
  }
}
