package lossmith.recipes.part;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Supplier;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.recipes.Source;

/** What a response earned. */
final class Rewards {
  private Rewards() {}

  static Part<Supplier<Detached<Sequence>>> own() {
    return new Part<Supplier<Detached<Sequence>>>(
        Part.Kind.REWARD,
        "reward",
        "The reward as it is given",
        new Source(
            "Simple statistical gradient-following algorithms for connectionist reinforcement"
                + " learning",
            "eq 5",
            "https://doi.org/10.1007/BF00992696"),
        () -> reward());
  }

  static Seq<Part<Supplier<Detached<Sequence>>>> all() {
    return List.of(
        own(),
        new Part<Supplier<Detached<Sequence>>>(
            Part.Kind.REWARD,
            "reward-less-k1",
            "The reward less β times the log-ratio of sampling policy and reference",
            new Source(
                "Training language models to follow instructions with human feedback",
                "eq 2",
                "https://arxiv.org/abs/2203.02155"),
            Rewards::lessK1),
        new Part<Supplier<Detached<Sequence>>>(
            Part.Kind.REWARD,
            "overlong",
            "The reward less a penalty that grows from 0 to 1 over the last tokens allowed",
            new Source(
                "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                "eq 13",
                "https://arxiv.org/abs/2503.14476"),
            Rewards::overlong),
        new Part<Supplier<Detached<Sequence>>>(
            Part.Kind.REWARD,
            "flawed-positive",
            "The reward less λ where a right answer was reached by a wrong step; needs flawed",
            new Source(
                "FAPO: Flawed-Aware Policy Optimization for Efficient and Reliable Reasoning",
                "R_Δ = −λ of a flawed positive, λ = 1",
                "https://arxiv.org/abs/2510.22543"),
            Rewards::lessFlawed),
        new Part<Supplier<Detached<Sequence>>>(
            Part.Kind.REWARD,
            "exploration-bonus",
            "The reward plus β times a bonus for what is new; needs bonus",
            new Source(
                "Representation-Based Exploration for Language Models: From Test-Time to"
                    + " Post-Training",
                "the elliptical bonus of a response's hidden states",
                "https://arxiv.org/abs/2510.11686"),
            Rewards::plusBonus),
        new Part<Supplier<Detached<Sequence>>>(
            Part.Kind.REWARD,
            "relative-length",
            "The reward less a quarter of the mean reward of the group times the length"
                + " over the"
                + " longest of the group",
            new Source(
                "prime-rl",
                "orchestrator/algo/grpo.py, length_penalty linear",
                "https://github.com/PrimeIntellect-ai/prime-rl"),
            Rewards::lessLength));
  }

  /** R − w · mean R · |y| / max |y|. */
  private static Detached<Sequence> lessLength() {
    Detached<Group> longest = max(length().max(SEQUENCES), constant(1, GROUP));
    Detached<Sequence> share = length().dividedBy(longest.per(SEQUENCE));
    Detached<Sequence> mean = reward().mean(SEQUENCES).per(SEQUENCE);
    return reward().minus(mean.times(share).scaledBy(parameter("length_weight", 0.25, 0, 1e3)));
  }

  private static Detached<Sequence> lessFlawed() {
    Detached<Sequence> flawed = given("flawed", SEQUENCE);
    return reward().minus(flawed.scaledBy(parameter("flawed_penalty", 1, 0, 1e3)));
  }

  private static Detached<Sequence> plusBonus() {
    return reward().plus(given("bonus", SEQUENCE).scaledBy(parameter("beta_bonus", 1, 0, 1e3)));
  }

  private static Detached<Sequence> lessK1() {
    Detached<Sequence> k1 = oldLogProb().minus(referenceLogProb()).sum(TOKENS);
    return reward().minus(k1.scaledBy(parameter("beta_reward", 0.05, 0, 1e3)));
  }

  /** −clip((|y| − (L_max − L_cache)) / L_cache, 0, 1). */
  private static Detached<Sequence> overlong() {
    Detached<Sequence> most = parameter("max_length", 20480, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> cache = parameter("length_cache", 4096, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> beyond = length().minus(most.minus(cache)).dividedBy(cache);
    return reward().minus(beyond.clip(Clip.between(0, 1)));
  }
}
