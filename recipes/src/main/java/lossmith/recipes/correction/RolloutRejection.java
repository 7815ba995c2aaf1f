package lossmith.recipes.correction;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Locale;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;

/**
 * A criterion by which tokens or whole responses are left out: an estimate of the divergence of the
 * policy that is trained from the policy that sampled must lie between two bounds.
 *
 * @param unit what the estimate is of
 * @param estimator how it is estimated from d = log π − log π_rollout, clamped to ±20
 * @param low the lower bound, used for {@link Estimator#K1} only; the others are never negative
 * @param high the upper bound
 */
public record RolloutRejection(Unit unit, Estimator estimator, double low, double high) {
  /** What a criterion judges. */
  public enum Unit {
    /** Each token by its own estimate. */
    TOKEN,
    /** Each response by the sum over its tokens. */
    SEQUENCE_SUM,
    /** Each response by the mean over its tokens. */
    SEQUENCE_MEAN,
    /** Each response by the largest of its tokens. */
    SEQUENCE_MAX
  }

  /** An estimate of the divergence from one sample. */
  public enum Estimator {
    /** −d. */
    K1,
    /** d² / 2. */
    K2,
    /** e^d − 1 − d. */
    K3;

    Detached<Token> of(Detached<Token> logRatio) {
      Detached<Token> d = logRatio.clip(OffPolicyMetrics.SAFE);
      return switch (this) {
        case K1 -> d.negated();
        case K2 -> d.square().scaledBy(0.5);
        case K3 -> d.expRemainder();
      };
    }
  }

  /** {@return yes for the tokens that stay by all of these criteria} */
  public static Condition<Token> kept(Seq<RolloutRejection> criteria, Detached<Token> logRatio) {
    return criteria
        .map(criterion -> criterion.kept(logRatio))
        .reduceOption(Condition::and)
        .getOrElse(() -> MaskedMean.everywhere(1).positive());
  }

  /** {@return yes for the tokens that stay} */
  public Condition<Token> kept(Detached<Token> logRatio) {
    Detached<Token> statistic = statistic(logRatio);
    Condition<Token> notAbove = statistic.atMost(MaskedMean.everywhere(high));
    return signed() ? notAbove.and(statistic.atLeast(MaskedMean.everywhere(low))) : notAbove;
  }

  private boolean signed() {
    return estimator == Estimator.K1;
  }

  private boolean ofTokens() {
    return unit == Unit.TOKEN;
  }

  private Detached<Token> statistic(Detached<Token> logRatio) {
    return ofTokens() ? estimator.of(logRatio) : ofResponse(logRatio).per(TOKEN);
  }

  private Detached<Sequence> ofResponse(Detached<Token> logRatio) {
    Detached<Token> x = estimator.of(logRatio);
    return switch (unit) {
      case TOKEN, SEQUENCE_MEAN -> MaskedMean.ofEach(x);
      case SEQUENCE_SUM -> x.sum(TOKENS);
      case SEQUENCE_MAX -> x.max(TOKENS);
    };
  }

  /** {@return what verl logs of all criteria together, by verl's name without its prefix} */
  public static Map<String, Detached<Batch>> metrics(
      Seq<RolloutRejection> criteria, Detached<Token> logRatio) {
    Condition<Token> left = kept(criteria, logRatio).not();
    Map<String, Detached<Batch>> none = LinkedHashMap.empty();
    Map<String, Detached<Batch>> own =
        criteria.foldLeft(none, (all, criterion) -> all.merge(criterion.metrics(logRatio)));
    return own.put("rollout_rs_masked_fraction", MaskedMean.ofAll(left))
        .put("rollout_rs_seq_masked_fraction", touched(left, ALL_SEQUENCES));
  }

  /** {@return the share of the responses in which the condition holds somewhere} */
  private static Detached<Batch> touched(Condition<Token> condition, Over<Sequence, Batch> over) {
    return condition.indicator().max(TOKENS).mean(over);
  }

  private Map<String, Detached<Batch>> metrics(Detached<Token> logRatio) {
    Detached<Token> statistic = statistic(logRatio);
    Detached<Sequence> each = ofResponse(logRatio);
    Over<Sequence, Batch> responses = MaskedMean.NONEMPTY;
    Condition<Token> left = kept(logRatio).not();
    Detached<Batch> high = shareOfResponses(each.above(constant(this.high, SEQUENCE)));
    Detached<Batch> low = shareOfResponses(each.below(constant(this.low, SEQUENCE)));
    Detached<Batch> none = constant(0, BATCH);
    Map<String, Detached<Batch>> metrics = LinkedHashMap.empty();
    Map<String, Detached<Batch>> whole =
        metrics
            .put("mean", MaskedMean.ofAll(statistic))
            .put("max", ofTokens() ? statistic.max(ALL_TOKENS) : each.max(responses))
            .put("min", ofTokens() ? statistic.min(ALL_TOKENS) : each.min(responses))
            .put("fraction_high", ofTokens() ? shareAbove(statistic) : high)
            .put("fraction_low", !signed() ? none : ofTokens() ? shareBelow(statistic) : low)
            .put(
                "std",
                MaskedMean.std(statistic.clip(Clip.between(signed() ? this.low : 0, this.high))))
            .put("seq_mean", each.mean(responses))
            .put("seq_std", each.std(responses, 1))
            .put("seq_max", each.max(responses))
            .put("seq_min", each.min(responses))
            .put("seq_max_deviation", each.abs().max(responses))
            .put("seq_fraction_high", high)
            .put("masked_fraction", MaskedMean.ofAll(left))
            .put("seq_masked_fraction", touched(left, responses));
    return (signed() ? whole.put("seq_fraction_low", low) : whole)
        .mapKeys(name -> "rollout_rs_" + name() + "_" + name);
  }

  private Detached<Batch> shareAbove(Detached<Token> x) {
    return MaskedMean.ofAll(x.above(MaskedMean.everywhere(high)));
  }

  private Detached<Batch> shareBelow(Detached<Token> x) {
    return MaskedMean.ofAll(x.below(MaskedMean.everywhere(low)));
  }

  private static Detached<Batch> shareOfResponses(Condition<Sequence> condition) {
    return condition.indicator().mean(MaskedMean.NONEMPTY);
  }

  /** {@return verl's name of the criterion, such as {@code seq_mean_k1}} */
  public String name() {
    String judged =
        switch (unit) {
          case TOKEN -> "token";
          case SEQUENCE_SUM -> "seq_sum";
          case SEQUENCE_MEAN -> "seq_mean";
          case SEQUENCE_MAX -> "seq_max";
        };
    return judged + "_" + estimator.name().toLowerCase(Locale.ROOT);
  }
}
