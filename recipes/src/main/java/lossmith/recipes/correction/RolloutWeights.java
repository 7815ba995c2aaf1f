package lossmith.recipes.correction;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;

/**
 * Importance weights w = π / π_rollout of tokens or of whole responses. With an upper bound alone
 * they are truncated there (TIS); with both bounds what lies outside is 0 (IcePop).
 *
 * @param ofResponses whether one weight, the product of its ratios, is for a whole response
 * @param low the lower bound of weights that are kept, if there is one
 * @param high the upper bound
 * @param normalised whether weights are divided by their mean over the batch
 */
public record RolloutWeights(
    boolean ofResponses, Option<Double> low, double high, boolean normalised) {

  /** {@return w of every token, its logarithm clamped to ±20 before the exponential} */
  public Detached<Token> raw(Detached<Token> logRatio) {
    return ofResponses
        ? logRatio.sum(TOKENS).clip(OffPolicyMetrics.SAFE).exp().per(TOKEN)
        : logRatio.clip(OffPolicyMetrics.SAFE).exp();
  }

  /** {@return the weights truncated or masked by their bounds, before they are normalised} */
  public Detached<Token> bounded(Detached<Token> logRatio) {
    Detached<Token> w = raw(logRatio);
    return low.map(bound -> select(inside(w, bound), w, MaskedMean.everywhere(0)))
        .getOrElse(w.clip(Clip.atMost(constant(high, BATCH))));
  }

  private Condition<Token> inside(Detached<Token> w, double bound) {
    return w.atLeast(MaskedMean.everywhere(bound)).and(w.atMost(MaskedMean.everywhere(high)));
  }

  /** {@return what each token's loss is multiplied by} */
  public Detached<Token> of(Detached<Token> logRatio) {
    Detached<Token> w = bounded(logRatio);
    return normalised ? w.dividedBy(factor(w).per(TOKEN)) : w;
  }

  /** {@return the mean of the weights, or 1 where it vanishes} */
  private Detached<Batch> factor(Detached<Token> w) {
    Detached<Batch> mean =
        ofResponses ? MaskedMean.ofEach(w).mean(MaskedMean.NONEMPTY) : MaskedMean.ofAll(w);
    return select(mean.above(constant(1e-8, BATCH)), mean, constant(1, BATCH));
  }

  /** {@return what verl logs of these weights, by verl's name without its prefix} */
  public Map<String, Detached<Batch>> metrics(Detached<Token> logRatio) {
    Detached<Token> raw = raw(logRatio);
    Detached<Token> w = bounded(logRatio);
    Detached<Token> truncated = w.clip(Clip.between(0, high));
    Detached<Token> scaled =
        truncated.dividedBy(MaskedMean.ofAll(truncated).shiftedBy(1e-8).per(TOKEN));
    Map<String, Detached<Batch>> metrics =
        (ofResponses ? rangeOfResponses(logRatio.sum(TOKENS)) : rangeOfTokens(raw, w))
            .put("rollout_is_mean", MaskedMean.ofAll(w))
            .put("rollout_is_std", MaskedMean.std(truncated))
            .put(
                "rollout_is_eff_sample_size",
                constant(1, BATCH).dividedBy(MaskedMean.ofAll(scaled.square())))
            .merge(ofEachResponse(MaskedMean.ofEach(raw), MaskedMean.ofEach(w)));
    Map<String, Detached<Batch>> outside =
        low.<Map<String, Detached<Batch>>>map(
                bound ->
                    LinkedHashMap.of(
                        "rollout_is_oob_ratio", MaskedMean.ofAll(inside(raw, bound).not())))
            .getOrElse(LinkedHashMap.empty());
    Map<String, Detached<Batch>> whole = metrics.merge(outside);
    return normalised ? whole.put("rollout_is_batch_norm_factor", factor(w)) : whole;
  }

  private double lowest() {
    return low.getOrElse(1 / high);
  }

  private Map<String, Detached<Batch>> rangeOfResponses(Detached<Sequence> logRatio) {
    Map<String, Detached<Batch>> metrics = LinkedHashMap.empty();
    return metrics
        .put(
            "rollout_is_max",
            logRatio.max(ALL_SEQUENCES).clip(Clip.atMost(constant(20, BATCH))).exp())
        .put("rollout_is_min", logRatio.min(ALL_SEQUENCES).exp())
        .put("rollout_is_ratio_fraction_high", shareAbove(logRatio, Math.log(high)))
        .put("rollout_is_ratio_fraction_low", shareBelow(logRatio, Math.log(lowest())));
  }

  private Map<String, Detached<Batch>> rangeOfTokens(Detached<Token> raw, Detached<Token> w) {
    Map<String, Detached<Batch>> metrics = LinkedHashMap.empty();
    return metrics
        .put("rollout_is_max", w.max(ALL_TOKENS))
        .put("rollout_is_min", w.min(ALL_TOKENS))
        .put(
            "rollout_is_ratio_fraction_high",
            MaskedMean.ofAll(raw.above(MaskedMean.everywhere(high))))
        .put(
            "rollout_is_ratio_fraction_low",
            MaskedMean.ofAll(raw.below(MaskedMean.everywhere(lowest()))));
  }

  private Map<String, Detached<Batch>> ofEachResponse(
      Detached<Sequence> raw, Detached<Sequence> w) {
    Map<String, Detached<Batch>> metrics = LinkedHashMap.empty();
    return metrics
        .put("rollout_is_seq_mean", w.mean(ALL_SEQUENCES))
        .put("rollout_is_seq_std", w.std(ALL_SEQUENCES, 1))
        .put("rollout_is_seq_max", w.max(ALL_SEQUENCES))
        .put("rollout_is_seq_min", w.min(ALL_SEQUENCES))
        .put("rollout_is_seq_max_deviation", w.shiftedBy(-1).abs().max(ALL_SEQUENCES))
        .put("rollout_is_seq_fraction_high", shareAbove(raw, high))
        .put("rollout_is_seq_fraction_low", shareBelow(raw, lowest()));
  }

  private static Detached<Batch> shareAbove(Detached<Sequence> x, double bound) {
    return x.above(constant(bound, SEQUENCE)).indicator().mean(ALL_SEQUENCES);
  }

  private static Detached<Batch> shareBelow(Detached<Sequence> x, double bound) {
    return x.below(constant(bound, SEQUENCE)).indicator().mean(ALL_SEQUENCES);
  }
}
