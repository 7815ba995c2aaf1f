package lossmith.recipes.part;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.Peer.Project.NEMO_RL;
import static lossmith.recipes.Peer.Project.OPENRLHF;
import static lossmith.recipes.Peer.Project.ROLL;
import static lossmith.recipes.Peer.Project.SLIME;
import static lossmith.recipes.Peer.Project.TRL;
import static lossmith.recipes.Peer.Project.VERL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Advantages;
import lossmith.recipes.Peer;
import lossmith.recipes.Source;
import lossmith.recipes.rollout.RolloutRejection;
import lossmith.recipes.rollout.RolloutRejection.Estimator;
import lossmith.recipes.rollout.RolloutRejection.Unit;
import lossmith.recipes.rollout.RolloutWeights;

/** Weights and selections: against another sampling policy, and for what is worth learning. */
final class Corrections {
  private static final Source ROLLOUT =
      new Source(
          "When Speed Kills Stability: Demystifying RL Collapse from the Training-Inference"
              + " Mismatch",
          "TIS, MIS and rejection sampling; verl, rollout_corr_helper.py",
          "https://richardli.xyz/rl-collapse");

  private Corrections() {}

  private static Detached<Token> drift() {
    return oldLogProb().minus(rolloutLogProb());
  }

  private static Part<Supplier<Detached<Token>>> weight(
      String name, String title, Source source, RolloutWeights weights) {
    return new Part<>(Part.Kind.WEIGHT, name, title, source, () -> weights.of(drift()).as("w"));
  }

  static Seq<Part<Supplier<Detached<Token>>>> weights() {
    return List.of(
        weight(
                "rollout-tis",
                "π_old/π_rollout of each token, at most 2",
                new Source(
                    "Your Efficient RL Framework Secretly Brings You Off-Policy RL Training",
                    "truncated importance sampling",
                    "https://fengyao.notion.site/off-policy-rl"),
                new RolloutWeights(false, Option.none(), 2, false))
            .in(
                Peer.of(VERL, "rollout_is token"),
                Peer.of(TRL, "token_truncate").differs("at most 3"),
                Peer.of(OPENRLHF, "tis").differs("within [0.5, 5]"),
                Peer.of(NEMO_RL, "tis"),
                Peer.of(SLIME, "tis")),
        weight(
                "rollout-tis-normalised",
                "π_old/π_rollout of each token, at most 2, over their mean",
                ROLLOUT,
                new RolloutWeights(false, Option.none(), 2, true))
            .in(Peer.of(VERL, "rollout_is_batch_normalize")),
        weight(
                "rollout-sequence-tis",
                "π_old/π_rollout of a whole response, at most 2",
                ROLLOUT,
                new RolloutWeights(true, Option.none(), 2, false))
            .in(
                Peer.of(VERL, "rollout_is sequence"),
                Peer.of(TRL, "sequence_truncate").differs("at most 3")),
        weight(
                "rollout-icepop",
                "π_old/π_rollout of each token, 0 outside [0.5, 5]",
                new Source(
                    "Every Step Evolves: Scaling Reinforcement Learning for Trillion-Scale Thinking"
                        + " Model",
                    "IcePop",
                    "https://arxiv.org/abs/2510.18855"),
                new RolloutWeights(false, Option.some(0.5), 5, false))
            .in(
                Peer.of(VERL, "rollout_is_threshold lower_upper"),
                Peer.of(TRL, "token_mask"),
                Peer.of(OPENRLHF, "icepop"),
                Peer.of(NEMO_RL, "icepop"),
                Peer.of(SLIME, "icepop")),
        weight(
                "rollout-sequence-icepop",
                "π_old/π_rollout of a whole response, 0 outside [0.5, 5]",
                ROLLOUT,
                new RolloutWeights(true, Option.some(0.5), 5, false))
            .in(
                Peer.of(VERL, "rollout_is sequence, rollout_is_threshold lower_upper"),
                Peer.of(TRL, "sequence_mask").differs("0 above 3, no lower bound")),
        filter(
                "policy-filter-power",
                "The square of the reward over its mean over all tokens: what resampling by it expects",
                Corrections::squared)
            .in(Peer.of(VERL, "pf_ppo pow").differs("draws responses, with replacement")),
        filter(
                "policy-filter-extremes",
                "The best and the worst response of a prompt alone, over the mean over all tokens",
                Corrections::extremes)
            .in(Peer.of(VERL, "pf_ppo max_min").differs("of the batch; draws responses")),
        filter(
                "policy-filter-best",
                "The best response of a prompt four times any other, over the mean over all tokens",
                Corrections::best)
            .in(Peer.of(VERL, "pf_ppo max_random").differs("of the batch; draws responses")));
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
    return reward().atLeast(reward().max(SEQUENCES).per(SEQUENCE));
  }

  private static Detached<Sequence> extremes() {
    Condition<Sequence> worst = reward().atMost(reward().min(SEQUENCES).per(SEQUENCE));
    return isBest().or(worst).indicator();
  }

  private static Detached<Sequence> best() {
    return select(isBest(), constant(0.4, SEQUENCE), constant(0.1, SEQUENCE));
  }

  private static Part<Supplier<Condition<Token>>> selection(
      String name, String title, Source source, Supplier<Condition<Token>> make) {
    return new Part<>(Part.Kind.SELECTION, name, title, source, make);
  }

  private static Part<Supplier<Condition<Token>>> rejection(
      String name, String title, RolloutRejection criterion) {
    return selection(name, title, ROLLOUT, () -> criterion.kept(drift()));
  }

  static Seq<Part<Supplier<Condition<Token>>>> selections() {
    return List.of(
        selection(
                "informative",
                "Groups whose rewards are not all equal (dynamic sampling)",
                new Source(
                    "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                    "eq 11",
                    "https://arxiv.org/abs/2503.14476"),
                () -> Advantages.informative(reward()).per(TOKEN))
            .in(
                Peer.of(VERL, "FilterGroupsConfig"),
                Peer.of(NEMO_RL, "dynamic sampling"),
                Peer.of(SLIME, "--dynamic-sampling-filter-path"),
                Peer.of(ROLL, "difficulty_mask")),
        selection(
                "finished",
                "Responses that ended by themselves (overlong filtering)",
                new Source(
                    "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                    "section 3.4",
                    "https://arxiv.org/abs/2503.14476"),
                () -> given(Columns.FINISHED, SEQUENCE).positive().per(TOKEN))
            .in(Peer.of(TRL, "mask_truncated_completions").wrong("the denominators ignored it")),
        selection(
                "uncertain",
                "The fifth of the batch's tokens with the highest entropy",
                new Source(
                    "Beyond the 80/20 Rule: High-Entropy Minority Tokens Drive Effective"
                        + " Reinforcement Learning for LLM Reasoning",
                    "eq 6",
                    "https://arxiv.org/abs/2506.01939"),
                Corrections::uncertain)
            .in(Peer.of(TRL, "top_entropy_quantile").differs("the denominator keeps all tokens")),
        rejection(
                "reject-token-k1",
                "Tokens with π_old/π_rollout within [0.5, 2]",
                new RolloutRejection(Unit.TOKEN, Estimator.K1, -Math.log(2), Math.log(2)))
            .in(
                Peer.of(VERL, "rollout_rs token_k1")
                    .wrong("in bypass mode the numerator shrinks and the denominator does not")),
        rejection(
                "reject-sequence-k1",
                "Responses with π_old/π_rollout within [0.5, 2]",
                new RolloutRejection(Unit.SEQUENCE_SUM, Estimator.K1, -Math.log(2), Math.log(2)))
            .in(Peer.of(VERL, "rollout_rs seq_sum_k1")),
        rejection(
                "reject-sequence-mean-k1",
                "Responses with a geometric mean of π_old/π_rollout within [0.999, 1.001]",
                new RolloutRejection(
                    Unit.SEQUENCE_MEAN, Estimator.K1, -Math.log(1.001), -Math.log(0.999)))
            .in(
                Peer.of(VERL, "rollout_rs seq_mean_k1"),
                Peer.of(SLIME, "mis_level geometric, mis_mode mask")
                    .differs("weights by the geometric mean too"),
                Peer.of(OPENRLHF, "seq-mask-tis")
                    .differs("within [0.5, 5]")
                    .wrong("its token weights are not held, where its comment says they are")),
        rejection(
                "reject-sequence-mean-k3",
                "Responses whose mean k3 between sampling and training policy is at most 0.02",
                new RolloutRejection(Unit.SEQUENCE_MEAN, Estimator.K3, 0, 0.02))
            .in(Peer.of(VERL, "rollout_rs seq_mean_k3")),
        rejection(
                "reject-sequence-max-k2",
                "Responses of which no token has (log π_old/π_rollout)² / 2 above 2.5",
                new RolloutRejection(Unit.SEQUENCE_MAX, Estimator.K2, 0, 2.5))
            .in(Peer.of(VERL, "rollout_rs seq_max_k2")),
        selection(
                "veto-token",
                "Responses of which no token has π_old/π_rollout below 1e-4",
                new Source(
                    "slime",
                    "examples/train_infer_mismatch_helper/mis.py, calculate_veto_mask",
                    "https://github.com/THUDM/slime"),
                Corrections::notVetoed)
            .in(Peer.of(SLIME, "mis_veto_threshold")));
  }

  private static Condition<Token> notVetoed() {
    return drift().min(TOKENS).atLeast(constant(Math.log(1e-4), SEQUENCE)).per(TOKEN);
  }

  private static Condition<Token> uncertain() {
    Detached<Token> h = entropy().stopGradient();
    return h.atLeast(h.quantile(constant(0.8, BATCH), ALL_TOKENS).per(TOKEN));
  }
}
