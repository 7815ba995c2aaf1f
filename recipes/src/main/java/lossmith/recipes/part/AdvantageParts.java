package lossmith.recipes.part;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.BiFunction;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.advantage.GpgAdvantage;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Opo;
import lossmith.recipes.advantage.PassAtK;

/** How much better than expected each token was, from the rewards of responses or of tokens. */
final class AdvantageParts {
  private AdvantageParts() {}

  /** Makes advantages from rewards. */
  interface Estimator extends BiFunction<Detached<Sequence>, Conventions, Detached<Token>> {}

  static Part<Estimator> part(String name, String title, Source source, Estimator make) {
    return new Part<>(Part.Kind.ADVANTAGE, name, title, source, make);
  }

  static Source source(String paper, String where, String url) {
    return new Source(paper, where, url);
  }

  static Part<Estimator> groupNormalised() {
    return part(
        "group-normalised",
        "The reward less the mean of its group, over the group's std",
        source(
            "DeepSeekMath: Pushing the Limits of Mathematical Reasoning in Open Language"
                + " Models",
            "section 4.1.2",
            "https://arxiv.org/abs/2402.03300"),
        Advantages::groupNormalised);
  }

  static Seq<Part<Estimator>> all() {
    return ofResponses()
        .appendAll(TokenAdvantageParts.all())
        .appendAll(MultistepParts.all())
        .appendAll(TeacherParts.all());
  }

  private static Seq<Part<Estimator>> ofResponses() {
    return List.of(
        groupNormalised(),
        part(
            "reward-to-go",
            "The reward itself at every token, no baseline",
            source("REINFORCE", "eq 5", "https://doi.org/10.1007/BF00992696"),
            (r, c) -> spread(r)),
        part(
            "group-centred",
            "The reward less the mean of its group",
            source(
                "Understanding R1-Zero-Like Training: A Critical Perspective",
                "section 3.2",
                "https://arxiv.org/abs/2503.20783"),
            (r, c) -> spread(Advantages.centred(r, c))),
        part(
            "batch-scaled",
            "The reward less the mean of its group, over the std of all rewards",
            source(
                "Part I: Tricks or Traps? A Deep Dive into RL for LLM Reasoning",
                "Lite PPO, mean of the group and std of the batch",
                "https://arxiv.org/abs/2508.08221"),
            (r, c) -> spread(Advantages.orAlone(r, batchScaled(r, c), c))),
        part(
            "leave-one-out",
            "The reward less the mean of the other responses (RLOO)",
            source(
                "Back to Basics: Revisiting REINFORCE Style Optimization for Learning from"
                    + " Human Feedback in LLMs",
                "eq 8",
                "https://arxiv.org/abs/2402.14740"),
            (r, c) -> spread(Advantages.orAlone(r, LeaveOneOut.of(r), c))),
        part(
            "optimal-reward-baseline",
            "The reward less the length-weighted mean of its group (OPO)",
            source(
                "On-Policy RL with Optimal Reward Baseline",
                "eq 7",
                "https://arxiv.org/abs/2505.23585"),
            (r, c) -> spread(Advantages.orAlone(r, Opo.of(r), c))),
        part(
            "pass-rate-normalised",
            "The reward less the mean of its group, over that mean (MaxRL): the gradient of log"
                + " pass rate",
            source(
                "Maximum Likelihood Reinforcement Learning",
                "the estimator of section 4",
                "https://arxiv.org/abs/2602.02710"),
            (r, c) -> spread(Advantages.orAlone(r, maxRl(r), c))),
        part(
            "gpg-scaled",
            "The centred reward times responses over responses to prompts that teach something",
            source(
                "GPG: A Simple and Strong Reinforcement Learning Baseline for Model Reasoning",
                "F_norm = 1 and α = B / (B − M)",
                "https://arxiv.org/abs/2504.02546"),
            (r, c) -> spread(GpgAdvantage.of(r, Advantages.centred(r, c)))),
        part(
            "pass-at-k",
            "The best response's lead over the second, the others 0",
            source(
                "verl", "compute_grpo_passk_outcome_advantage", "https://arxiv.org/abs/2503.19595"),
            (r, c) -> spread(Advantages.orAlone(r, PassAtK.lead(r), c))),
        part(
            "greedy-baseline",
            "The reward less that of the greedy response (ReMax); needs greedy_reward",
            source(
                "ReMax: A Simple, Effective, and Efficient Reinforcement Learning Method for"
                    + " Aligning Large Language Models",
                "algorithm 1",
                "https://arxiv.org/abs/2310.10505"),
            (r, c) -> spread(r.minus(given("greedy_reward", SEQUENCE)))),
        part(
            "tracked-baseline",
            "The reward less what was tracked of its prompt, over all responses of mean 0 and"
                + " std 1 (SPO); needs tracked_reward",
            source(
                "Single-stream Policy Optimization",
                "the advantage, normalised over the batch",
                "https://arxiv.org/abs/2509.13232"),
            (r, c) -> spread(standard(r.minus(given("tracked_reward", GROUP).per(SEQUENCE))))),
        part(
            "whitened",
            "The reward less the mean of its group, whitened over all tokens (REINFORCE++ with"
                + " baseline)",
            source(
                "REINFORCE++: Stabilizing Critic-Free Policy Optimization with Global Advantage"
                    + " Normalization",
                "eq 13",
                "https://arxiv.org/abs/2501.03262"),
            (r, c) -> whitened(Advantages.centred(r, c).per(TOKEN), c)),
        part(
            "each-normalised",
            "Two rewards, each normalised in its group, their sum whitened over all tokens"
                + " (GDPO); needs second_reward",
            source(
                "GDPO: Group reward-Decoupled Normalization Policy Optimization for"
                    + " Multi-reward RL Optimization",
                "group-wise decoupled normalisation, then batch-wise",
                "https://arxiv.org/abs/2601.05242"),
            AdvantageParts::eachNormalised));
  }

  private static Detached<Token> spread(Detached<Sequence> a) {
    return a.per(TOKEN).as("A");
  }

  /** (x − mean) / std over all tokens, 0 where all agree to rounding. */
  static Detached<Token> whitened(Detached<Token> x, Conventions c) {
    Detached<Token> std = x.std(ALL_TOKENS, c.stdDdof()).per(TOKEN);
    Detached<Token> centred = x.minus(x.mean(ALL_TOKENS).per(TOKEN));
    return select(x.differs(ALL_TOKENS).per(TOKEN), centred.dividedBy(std), constant(0, TOKEN))
        .as("A");
  }

  /** (x − mean) / std over all responses, 0 where all agree to rounding. */
  private static Detached<Sequence> standard(Detached<Sequence> x) {
    Detached<Sequence> std = x.std(ALL_SEQUENCES, 0).per(SEQUENCE);
    Detached<Sequence> centred = x.minus(x.mean(ALL_SEQUENCES).per(SEQUENCE));
    return select(
        x.differs(ALL_SEQUENCES).per(SEQUENCE), centred.dividedBy(std), constant(0, SEQUENCE));
  }

  private static Detached<Token> eachNormalised(Detached<Sequence> r, Conventions c) {
    Detached<Sequence> other = given("second_reward", SEQUENCE);
    return whitened(Advantages.groupNormalised(r, c).plus(Advantages.groupNormalised(other, c)), c);
  }

  static Detached<Token> rewards() {
    return given(Columns.TOKEN_REWARD, TOKEN);
  }

  /** (r − mean of the group) / (std of the batch + ε), 0 where a group agrees to rounding. */
  private static Detached<Sequence> batchScaled(Detached<Sequence> r, Conventions c) {
    Detached<Batch> std = r.std(ALL_SEQUENCES, c.stdDdof()).shiftedBy(c.stdEpsilon());
    return Centred.orNothing(r, Centred.difference(r).dividedBy(std.per(SEQUENCE)));
  }

  /** (r − mean) / mean, 0 where a group agrees to rounding or its mean is no more than rounding. */
  private static Detached<Sequence> maxRl(Detached<Sequence> r) {
    Detached<Group> mean = r.mean(SEQUENCES);
    Condition<Group> passes = mean.abs().above(r.rounding(SEQUENCES)).as("passes");
    return Centred.orNothing(
        r,
        select(
            passes.per(SEQUENCE),
            Centred.difference(r).dividedBy(mean.per(SEQUENCE)),
            constant(0, SEQUENCE)));
  }
}
