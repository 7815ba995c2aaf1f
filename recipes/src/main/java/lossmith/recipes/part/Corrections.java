package lossmith.recipes.part;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Advantages;
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
            new RolloutWeights(false, Option.none(), 2, false)),
        weight(
            "rollout-tis-normalised",
            "π_old/π_rollout of each token, at most 2, over their mean",
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
            new RolloutWeights(false, Option.some(0.5), 5, false)));
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
            () -> Advantages.informative(reward()).per(TOKEN)),
        selection(
            "finished",
            "Responses that ended by themselves (overlong filtering)",
            new Source(
                "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                "section 3.4",
                "https://arxiv.org/abs/2503.14476"),
            () -> given(Columns.FINISHED, SEQUENCE).positive().per(TOKEN)),
        selection(
            "uncertain",
            "The fifth of the batch's tokens with the highest entropy",
            new Source(
                "Beyond the 80/20 Rule: High-Entropy Minority Tokens Drive Effective"
                    + " Reinforcement Learning for LLM Reasoning",
                "eq 6",
                "https://arxiv.org/abs/2506.01939"),
            Corrections::uncertain),
        rejection(
            "reject-token-k1",
            "Tokens with π_old/π_rollout within [0.5, 2]",
            new RolloutRejection(Unit.TOKEN, Estimator.K1, -Math.log(2), Math.log(2))),
        rejection(
            "reject-sequence-k1",
            "Responses with π_old/π_rollout within [0.5, 2]",
            new RolloutRejection(Unit.SEQUENCE_SUM, Estimator.K1, -Math.log(2), Math.log(2))),
        rejection(
            "reject-sequence-mean-k3",
            "Responses whose mean k3 between sampling and training policy is at most 0.02",
            new RolloutRejection(Unit.SEQUENCE_MEAN, Estimator.K3, 0, 0.02)));
  }

  private static Condition<Token> uncertain() {
    Detached<Token> h = entropy().stopGradient();
    return h.atLeast(h.quantile(constant(0.8, BATCH), ALL_TOKENS).per(TOKEN));
  }
}
