package lossmith.recipes.trl;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;

/**
 * TRL's correction for an inference engine with other log-probabilities: e^(log π_old − log
 * π_engine) of each token, or of the sum over a response, clamped to bounds or 0 outside them.
 *
 * @param mask 1 where TRL counts a slot, 0 elsewhere
 * @param beyond what becomes of a ratio outside its bounds
 * @param low the lower bound, if there is one
 * @param high the upper bound, if there is one
 */
public record TrlSamplingRatio(
    Detached<Token> mask, Beyond beyond, Option<Double> low, Option<Double> high) {

  /** What becomes of a ratio outside its bounds. */
  public enum Beyond {
    /** It is clamped to the bound. */
    TRUNCATED,
    /** It is 0. */
    MASKED
  }

  /** {@return the ratio of each slot, 1 where TRL does not count} */
  public Detached<Token> ofTokens() {
    return bounded(difference().exp(), TOKEN);
  }

  /** {@return the ratio of each response} */
  public Detached<Sequence> ofResponses() {
    return bounded(difference().sum(TOKENS).exp(), SEQUENCE);
  }

  private Detached<Token> difference() {
    return oldLogProb().minus(rolloutLogProb()).times(mask);
  }

  private <L extends Level> Detached<L> bounded(Detached<L> ratio, Axis<L> axis) {
    double least = low.getOrElse(Double.NEGATIVE_INFINITY);
    double most = high.getOrElse(Double.POSITIVE_INFINITY);
    Condition<L> inside =
        ratio.atLeast(constant(least, axis)).and(ratio.atMost(constant(most, axis)));
    return beyond == Beyond.TRUNCATED
        ? ratio.clip(Clip.between(least, most))
        : select(inside, ratio, constant(0, axis));
  }

  /** {@return the metrics that TRL logs, of the ratio of each slot} */
  public Map<String, Detached<Batch>> ofTokensLogged() {
    return logged(ofTokens(), ALL_TOKENS.where(mask.positive()));
  }

  /** {@return the metrics that TRL logs, of the ratio of each response} */
  public Map<String, Detached<Batch>> ofResponsesLogged() {
    return logged(ofResponses(), ALL_SEQUENCES);
  }

  private <L extends Level> Map<String, Detached<Batch>> logged(
      Detached<L> ratio, Over<L, Batch> over) {
    Detached<Token> apart = oldLogProb().minus(rolloutLogProb()).abs();
    Over<Token, Batch> counted = ALL_TOKENS.where(mask.positive());
    String name = "sampling/importance_sampling_ratio/";
    return LinkedHashMap.of(
        "sampling/sampling_logp_difference/mean",
        apart.mean(counted),
        "sampling/sampling_logp_difference/max",
        apart.max(counted),
        name + "min",
        ratio.min(over),
        name + "mean",
        ratio.mean(over),
        name + "max",
        ratio.max(over));
  }
}
