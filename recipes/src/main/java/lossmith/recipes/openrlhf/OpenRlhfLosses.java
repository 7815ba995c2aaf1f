package lossmith.recipes.openrlhf;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;

import io.vavr.control.Option;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.recipes.critic.ClippedValueLoss;
import lossmith.recipes.surrogate.Surrogate;
import lossmith.recipes.verl.VerlAggregation;

/**
 * OpenRLHF's losses at commit 3c3be623. They are aggregated and their log-ratio is clamped as
 * verl's are, their metrics are plain means, and their weights for the inference engine are clamped
 * to their bounds, dropped outside them, or dropped with the whole response.
 *
 * @param clip the bounds of the ratio
 * @param dualClip the bound on the ratio where the advantage is negative, if there is one
 * @param aggregation how tokens become one number
 */
public record OpenRlhfLosses(Clip clip, Option<Double> dualClip, VerlAggregation aggregation) {

  /** What happens to a weight beyond the bounds. */
  public enum Correction {
    /** It is clamped to the bounds. */
    TRUNCATED {
      @Override
      Detached<Token> of(Detached<Token> logWeight, double low, double high) {
        return logWeight.exp().clip(Clip.between(low, high));
      }
    },
    /** It is 0. */
    DROPPED {
      @Override
      Detached<Token> of(Detached<Token> logWeight, double low, double high) {
        Detached<Token> w = logWeight.exp();
        return select(inside(w, low, high), w, Surrogate.zero());
      }
    },
    /** All weights of a response are 0 if their geometric mean is beyond the bounds. */
    DROPPED_WITH_RESPONSE {
      @Override
      Detached<Token> of(Detached<Token> logWeight, double low, double high) {
        Detached<Token> mean = logWeight.mean(TOKENS).exp().per(TOKEN);
        return select(inside(mean, low, high), logWeight.exp(), Surrogate.zero());
      }
    };

    abstract Detached<Token> of(Detached<Token> logWeight, double low, double high);

    /**
     * {@return the weight of each token, π_old / π_rollout inside the bounds}
     *
     * @param low the lower bound
     * @param high the upper bound
     */
    public Detached<Token> weight(double low, double high) {
      return of(oldLogProb().minus(rolloutLogProb()), low, high);
    }

    private static Condition<Token> inside(Detached<Token> w, double low, double high) {
      return w.atLeast(constant(low, TOKEN)).and(w.atMost(constant(high, TOKEN)));
    }
  }

  /**
   * {@return PPO's clipped surrogate, logging {@code clip_ratio} and {@code ppo_kl}}
   *
   * @param a A
   * @param weight what each token's loss is multiplied by, if anything; then {@code vllm_kl} is
   *     logged
   */
  public Loss ppo(Detached<Token> a, Option<Detached<Token>> weight) {
    Term<Token> x = logProb().minus(oldLogProb());
    Loss loss = clipped(x.clip(Clip.between(-20, 20)).exp().as("r"), a, weight);
    return weight.isEmpty()
        ? loss
        : loss.log("vllm_kl", rolloutLogProb().minus(oldLogProb()).mean(ALL_TOKENS));
  }

  /**
   * {@return GSPO with the ratio of the response and its full gradient, logging {@code clip_ratio}
   * and {@code ppo_kl}}
   *
   * @param a A
   * @param from log π of the policy that the ratio is taken against
   */
  public Loss gspo(Detached<Token> a, Detached<Token> from) {
    Term<Token> s = logProb().minus(from).mean(TOKENS).exp().as("s").per(TOKEN);
    return clipped(s, a, Option.none());
  }

  private Loss clipped(Term<Token> r, Detached<Token> a, Option<Detached<Token>> weight) {
    Term<Token> plain = r.times(a);
    Term<Token> clipped = r.clip(clip).times(a);
    Term<Token> surrogate = min(plain, clipped);
    Term<Token> bounded =
        dualClip
            .<Term<Token>>map(
                bound -> select(a.negative(), max(surrogate, a.scaledBy(bound)), surrogate))
            .getOrElse(surrogate);
    Condition<Token> clips = clipped.stopGradient().below(plain.stopGradient());
    return maximise(aggregation.of(weight.map(bounded::weightedBy).getOrElse(bounded)))
        .log("clip_ratio", clips.indicator().mean(ALL_TOKENS))
        .log("ppo_kl", oldLogProb().minus(logProb().stopGradient()).mean(ALL_TOKENS));
  }

  /**
   * {@return half the squared error of the value head, which trains the value head}
   *
   * @param old the old values
   * @param returns what the values should be
   * @param range how far a value may move from the old one; without it the error is plain
   * @param aggregation how tokens become one number
   */
  public static Loss value(
      Detached<Token> old,
      Detached<Token> returns,
      Option<Double> range,
      VerlAggregation aggregation) {
    Term<Token> loss =
        range
            .map(epsilon -> new ClippedValueLoss(old, returns, epsilon).perToken())
            .getOrElse(() -> Terms.value().minus(returns).square().scaledBy(0.5));
    return minimise(aggregation.of(loss)).training(Columns.VALUE);
  }
}
