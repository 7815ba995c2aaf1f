package lossmith.recipes.part;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Source;
import lossmith.recipes.correction.RolloutWeights;

/**
 * Detached factors of each token's term: importance weights against the sampling policy, and
 * weights that emphasise some tokens or prompts.
 *
 * <p>Long because every weight is a row of one list.
 */
final class Weights {
  /** The source of weights that correct for a sampling policy other than π_old. */
  static final Source ROLLOUT =
      new Source(
          "When Speed Kills Stability: Demystifying RL Collapse from the Training-Inference"
              + " Mismatch",
          "TIS, MIS and rejection sampling; verl, rollout_corr_helper.py",
          "https://richardli.xyz/rl-collapse");

  private Weights() {}

  /** {@return log π_old − log π_rollout of each token} */
  static Detached<Token> drift() {
    return oldLogProb().minus(rolloutLogProb());
  }

  /** {@return the mean of the tokens of the same segment, such as a turn of an agent} */
  static Detached<Token> ofSegments(Detached<Token> x) {
    Detached<Token> segment = given("segment", TOKEN);
    Detached<Token> size = constant(1, TOKEN).sumByKey(segment, TOKENS);
    return x.sumByKey(segment, TOKENS).dividedBy(size);
  }

  /** {@return what ROLL does about another sampling policy} */
  static Source roll(String where) {
    return new Source(
        "ROLL", "utils/train_infer_corrections.py, " + where, "https://github.com/alibaba/ROLL");
  }

  private static Source sampled(String where) {
    return new Source(
        "ROLL",
        "pipeline/rlvr/actor_worker.py, compute_sample_weights, " + where,
        "https://github.com/alibaba/ROLL");
  }

  private static Part<Supplier<Detached<Token>>> weight(
      String name, String title, Source source, RolloutWeights weights) {
    return weight(name, title, source, () -> weights.of(drift()));
  }

  private static Part<Supplier<Detached<Token>>> weight(
      String name, String title, Source source, Supplier<Detached<Token>> make) {
    return new Part<>(Part.Kind.WEIGHT, name, title, source, () -> make.get().as("w"));
  }

  /** e^x, x clamped to ±5, so that its product with a saturated ratio, e^700, stays finite. */
  private static Detached<Token> unbounded(Detached<Token> x) {
    return x.clip(Clip.between(-5, 5)).exp();
  }

  private static Detached<Token> truncated(Detached<Token> x, double high) {
    return unbounded(x).clip(Clip.atMost(constant(high, BATCH)));
  }

  static Seq<Part<Supplier<Detached<Token>>>> all() {
    return List.of(
        weight(
            "rollout-tis",
            "π_old/π_rollout of each token, at most 2",
            new Source(
                "Your Efficient RL Framework Secretly Brings You Off-Policy RL Training",
                "truncated importance sampling",
                "https://fengyao.notion.site/off-policy-rl"),
            new RolloutWeights(false, Option.none(), 2, false)),
        weight(
            "rollout-tis-normalised",
            "π_old/π_rollout of each token, at most 2, over their mean, Σ w / (n + 1e-8)",
            ROLLOUT,
            new RolloutWeights(false, Option.none(), 2, true)),
        weight(
            "rollout-sequence-tis",
            "π_old/π_rollout of a whole response, at most 2",
            ROLLOUT,
            new RolloutWeights(true, Option.none(), 2, false)),
        weight(
            "rollout-icepop",
            "π_old/π_rollout of each token, 0 outside [0.5, 5]",
            new Source(
                "Every Step Evolves: Scaling Reinforcement Learning for Trillion-Scale Thinking"
                    + " Model",
                "IcePop",
                "https://arxiv.org/abs/2510.18855"),
            new RolloutWeights(false, Option.some(0.5), 5, false)),
        weight(
            "rollout-sequence-icepop",
            "π_old/π_rollout of a whole response, 0 outside [0.5, 5]",
            ROLLOUT,
            new RolloutWeights(true, Option.some(0.5), 5, false)),
        weight(
            "rollout-is",
            "π_old/π_rollout of each token, no bound but e^±5",
            new Source(
                "NeMo-RL",
                "ClippedPGLossFn, use_importance_sampling_correction",
                "https://github.com/NVIDIA-NeMo/RL"),
            () -> unbounded(drift())),
        weight(
            "rollout-sequence-is",
            "π_old/π_rollout of a whole response, no bound but e^±5",
            new Source(
                "NeMo-RL",
                "ClippedPGLossFn, sequence_level_importance_ratios",
                "https://github.com/NVIDIA-NeMo/RL"),
            () -> unbounded(drift().sum(TOKENS).per(TOKEN))),
        weight(
            "rollout-geometric-tis",
            "The geometric mean of π_old/π_rollout of a response, at most 2",
            new Source(
                "slime",
                "examples/train_infer_mismatch_helper/mis.py, tis_level geometric, tis_mode"
                    + " truncate",
                "https://github.com/THUDM/slime"),
            () -> truncated(drift().mean(TOKENS).per(TOKEN), 2)),
        weight(
            "rollout-segment-tis",
            "The geometric mean of π_old/π_rollout of a segment, at most 1.2; needs segment",
            roll("is_weight, weight_type segment"),
            () -> truncated(ofSegments(drift()), 1.2)),
        weight(
            "length-weighted",
            "1.5 for the shortest response of the batch down to 0.5 for the longest, over the"
                + " mean of that",
            sampled("length_loss_weight"),
            () -> overMean(shorter())),
        weight(
            "difficulty-weighted",
            "0.5 for a prompt of difficulty 0 up to 2 for one of difficulty 1, over the mean of"
                + " that; needs difficulty",
            sampled("difficulty_loss_weight"),
            () -> overMean(harder())),
        filter(
            "policy-filter-power",
            "The square of the reward over its mean over all tokens: what resampling by it"
                + " expects",
            Weights::squared),
        filter(
            "policy-filter-extremes",
            "The best and the worst response of a prompt alone, over the mean over all tokens",
            Weights::extremes),
        filter(
            "policy-filter-best",
            "The best response of a prompt four times any other, over the mean over all tokens",
            Weights::best));
  }

  /** x over its mean over all responses. */
  private static Detached<Token> overMean(Detached<Sequence> x) {
    return x.dividedBy(x.mean(ALL_SEQUENCES).per(SEQUENCE)).per(TOKEN);
  }

  /** 1.5 − (|y| − min) / (max − min), 1.5 where all are as long. */
  private static Detached<Sequence> shorter() {
    Detached<Batch> least = length().min(ALL_SEQUENCES);
    Detached<Batch> range = length().max(ALL_SEQUENCES).minus(least);
    Detached<Batch> over = max(range, constant(1, BATCH));
    Detached<Sequence> above = length().minus(least.per(SEQUENCE));
    return above.dividedBy(over.per(SEQUENCE)).negated().shiftedBy(1.5);
  }

  /** 0.5 + 1.5 · difficulty, the difficulty of the prompt clamped to [0, 1]. */
  private static Detached<Sequence> harder() {
    Detached<Group> difficulty = given("difficulty", GROUP).clip(Clip.between(0, 1));
    return difficulty.scaledBy(1.5).shiftedBy(0.5).per(SEQUENCE);
  }

  /** How often a response is drawn, over the mean over all tokens; 1e-8 keeps all above 0. */
  private static Part<Supplier<Detached<Token>>> filter(
      String name, String title, Supplier<Detached<Sequence>> drawn) {
    Source source =
        new Source(
            "Policy Filtration for RLHF to Mitigate Noise in Reward Models",
            "PF-PPO; verl, core_algos.compute_pf_ppo_reweight_data",
            "https://arxiv.org/abs/2409.06957");
    return new Part<>(
        Part.Kind.WEIGHT,
        name,
        title,
        source,
        () -> {
          Detached<Token> x = drawn.get().shiftedBy(1e-8).per(TOKEN);
          return x.dividedBy(x.mean(ALL_TOKENS).per(TOKEN)).as("w");
        });
  }

  private static Detached<Sequence> squared() {
    return reward().square();
  }

  private static Condition<Sequence> isBest() {
    Detached<Group> least = reward().max(SEQUENCES).minus(reward().rounding(SEQUENCES));
    return reward().atLeast(least.per(SEQUENCE));
  }

  private static Detached<Sequence> extremes() {
    Detached<Group> most = reward().min(SEQUENCES).plus(reward().rounding(SEQUENCES));
    Condition<Sequence> worst = reward().atMost(most.per(SEQUENCE));
    return isBest().or(worst).indicator();
  }

  private static Detached<Sequence> best() {
    return select(isBest(), constant(0.4, SEQUENCE), constant(0.1, SEQUENCE));
  }
}
