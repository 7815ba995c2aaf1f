package lossmith.recipes.correction;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;

/**
 * How far the policy that is trained is from the policy that sampled, as verl logs it:
 * perplexities, divergences and the χ² of tokens and responses. Responses without tokens count as
 * perplexity 1.
 */
public final class OffPolicyMetrics {
  private OffPolicyMetrics() {}

  /**
   * {@return each metric by verl's name, without its prefix}
   *
   * @param trained log π of the sampled tokens under the policy that is trained
   * @param rollout log π of the sampled tokens under the policy that sampled them
   */
  public static Map<String, Detached<Batch>> of(Detached<Token> trained, Detached<Token> rollout) {
    Detached<Sequence> meanTrained = MaskedMean.ofEach(trained);
    Detached<Sequence> meanRollout = MaskedMean.ofEach(rollout);
    Detached<Sequence> difference = meanRollout.minus(meanTrained);
    Detached<Token> logRatio = trained.minus(rollout);
    Detached<Token> clamped = logRatio.clip(SAFE);
    Detached<Sequence> clampedSum = logRatio.sum(TOKENS).clip(SAFE);
    Map<String, Detached<Batch>> metrics = LinkedHashMap.empty();
    return metrics
        .put("training_ppl", meanTrained.negated().exp().mean(ALL_SEQUENCES))
        .put("training_log_ppl", meanTrained.negated().mean(ALL_SEQUENCES))
        .put("kl", MaskedMean.ofAll(logRatio.negated()))
        .put("k3_kl", MaskedMean.ofAll(logRatio.expRemainder()))
        .put("rollout_ppl", meanRollout.negated().exp().mean(ALL_SEQUENCES))
        .put("rollout_log_ppl", meanRollout.negated().mean(ALL_SEQUENCES))
        .put("log_ppl_diff", difference.mean(ALL_SEQUENCES))
        .put("log_ppl_abs_diff", difference.abs().mean(ALL_SEQUENCES))
        .put("log_ppl_diff_max", difference.max(ALL_SEQUENCES))
        .put("log_ppl_diff_min", difference.min(ALL_SEQUENCES))
        .put("ppl_ratio", difference.exp().mean(ALL_SEQUENCES))
        .put("chi2_token", MaskedMean.ofAll(clamped.exp().square()).shiftedBy(-1))
        .put("chi2_seq", clampedSum.scaledBy(2).exp().mean(ALL_SEQUENCES).shiftedBy(-1));
  }

  /** The bound on a log-ratio before its exponential. */
  static final Clip SAFE = Clip.between(-20, 20);
}
