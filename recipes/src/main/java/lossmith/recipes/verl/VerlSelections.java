package lossmith.recipes.verl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.oldLogProb;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.recipes.entropy.Covariance;

/** The tokens that verl's covariance objectives treat differently. */
public final class VerlSelections {
  private VerlSelections() {}

  /**
   * {@return yes for the tokens among which verl's clip_cov draws those it drops: their covariance
   * lies inside the window, and the trust region does not clip them already}
   *
   * @param settings {@code clip_ratio_low}, {@code clip_ratio_high}, {@code clip_cov_lb}, {@code
   *     clip_cov_ub}
   * @param a A
   */
  public static Condition<Token> clipCovCandidates(VerlSettings settings, Detached<Token> a) {
    Detached<Token> r = logProb().stopGradient().minus(oldLogProb()).exp();
    Clip clip = settings.trustRegion();
    Condition<Token> clipped = r.clip(clip).times(a).below(r.times(a));
    Detached<Token> covariance = Covariance.of(a);
    return covariance
        .above(constant(settings.number("clip_cov_lb", 1), TOKEN))
        .and(covariance.below(constant(settings.number("clip_cov_ub", 5), TOKEN)))
        .and(clipped.not());
  }

  /**
   * {@return yes for the tokens that verl's kl_cov penalises: those of largest covariance}
   *
   * @param settings {@code kl_cov_ratio}, their share of all tokens; at least one
   * @param a A
   */
  public static Condition<Token> klCovChosen(VerlSettings settings, Detached<Token> a) {
    Detached<Batch> share =
        count(ALL_TOKENS).scaledBy(settings.number("kl_cov_ratio", 2e-4)).floor();
    return Covariance.of(a).top(max(share, constant(1, BATCH)), ALL_TOKENS);
  }
}
