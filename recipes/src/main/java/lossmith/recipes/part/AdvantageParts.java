package lossmith.recipes.part;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUP_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.position;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;
import static lossmith.recipes.Peer.Project.NEMO_RL;
import static lossmith.recipes.Peer.Project.OPENRLHF;
import static lossmith.recipes.Peer.Project.RLAX;
import static lossmith.recipes.Peer.Project.ROLL;
import static lossmith.recipes.Peer.Project.SKYRL;
import static lossmith.recipes.Peer.Project.SLIME;
import static lossmith.recipes.Peer.Project.TRL;
import static lossmith.recipes.Peer.Project.VERL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.BiFunction;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Advantages;
import lossmith.recipes.Conventions;
import lossmith.recipes.Peer;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Alone;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.advantage.GpgAdvantage;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Opo;
import lossmith.recipes.advantage.OptimalTokenBaseline;
import lossmith.recipes.advantage.PassAtK;
import lossmith.recipes.advantage.Returns;

/** How much better than expected each token was, from the rewards of responses or of tokens. */
final class AdvantageParts {
  private static final String MULTISTEP = "https://github.com/google-deepmind/rlax";

  private AdvantageParts() {}

  /** Makes advantages from rewards. */
  interface Estimator extends BiFunction<Detached<Sequence>, Conventions, Detached<Token>> {}

  private static Part<Estimator> part(String name, String title, Source source, Estimator make) {
    return new Part<>(Part.Kind.ADVANTAGE, name, title, source, make);
  }

  private static Source source(String paper, String where, String url) {
    return new Source(paper, where, url);
  }

  static Part<Estimator> groupNormalised() {
    return part(
            "group-normalised",
            "The reward less the mean of its group, over the group's deviation",
            source(
                "DeepSeekMath: Pushing the Limits of Mathematical Reasoning in Open Language Models",
                "section 4.1.2",
                "https://arxiv.org/abs/2402.03300"),
            Advantages::groupNormalised)
        .in(
            Peer.of(VERL, "grpo").differs("ddof 1, ε 1e-6; a response alone keeps its reward"),
            Peer.of(TRL, "scale_rewards group").differs("ddof 1, ε 1e-4"),
            Peer.of(OPENRLHF, "group_norm").differs("ddof 1, ε 1e-9"),
            Peer.of(SLIME, "grpo").differs("ddof 1, ε 1e-6"),
            Peer.of(NEMO_RL, "GRPO")
                .differs("leave-one-out baseline; E[x²] − E[x]²")
                .wrong("in float32 nearly equal rewards give advantages of 1e4"));
  }

  static Seq<Part<Estimator>> all() {
    return ofResponses().appendAll(ofTokens());
  }

  private static Seq<Part<Estimator>> ofResponses() {
    return List.of(
        groupNormalised(),
        part(
                "reward-to-go",
                "The reward itself at every token, no baseline",
                source("REINFORCE", "eq 5", "https://doi.org/10.1007/BF00992696"),
                (r, c) -> spread(r))
            .in(Peer.of(OPENRLHF, "reinforce").differs("whitened over the batch")),
        part(
                "group-centred",
                "The reward less the mean of its group",
                source(
                    "Understanding R1-Zero-Like Training: A Critical Perspective",
                    "section 3.2",
                    "https://arxiv.org/abs/2503.20783"),
                (r, c) -> spread(Centred.of(r)))
            .in(
                Peer.of(VERL, "norm_adv_by_std_in_grpo false"),
                Peer.of(TRL, "scale_rewards none"),
                Peer.of(OPENRLHF, "dr_grpo"),
                Peer.of(NEMO_RL, "normalize_rewards false")),
        part(
                "leave-one-out",
                "The reward less the mean of the other responses (RLOO)",
                source(
                    "Back to Basics: Revisiting REINFORCE Style Optimization for Learning from Human"
                        + " Feedback in LLMs",
                    "eq 8",
                    "https://arxiv.org/abs/2402.14740"),
                (r, c) -> spread(LeaveOneOut.of(r)))
            .in(
                Peer.of(VERL, "rloo").differs("a response alone keeps its reward"),
                Peer.of(TRL, "RLOOTrainer"),
                Peer.of(OPENRLHF, "rloo"),
                Peer.of(NEMO_RL, "use_leave_one_out_baseline")),
        part(
                "optimal-reward-baseline",
                "The reward less the length-weighted mean of its group (OPO)",
                source(
                    "On-Policy RL with Optimal Reward Baseline",
                    "eq 7",
                    "https://arxiv.org/abs/2505.23585"),
                (r, c) -> spread(Opo.of(r)))
            .in(Peer.of(VERL, "opo").differs("a response alone keeps its reward")),
        part(
                "pass-rate-normalised",
                "The reward less the mean of its group, over that mean (MaxRL): the gradient of log"
                    + " pass rate",
                source(
                    "Maximum Likelihood Reinforcement Learning",
                    "the estimator of section 4",
                    "https://arxiv.org/abs/2602.02710"),
                (r, c) -> spread(maxRl(r)))
            .in(Peer.of(SKYRL, "maxrl")),
        part(
                "gpg-scaled",
                "The centred reward times responses over responses with a reward",
                source(
                    "GPG: A Simple and Strong Reinforcement Learning Baseline for Model Reasoning",
                    "eq 6",
                    "https://arxiv.org/abs/2504.02546"),
                (r, c) -> spread(GpgAdvantage.of(r, Centred.of(r), 1)))
            .in(Peer.of(VERL, "gpg").differs("the alpha it is given is ignored")),
        part(
                "pass-at-k",
                "The best response's lead over the second, the others 0",
                source(
                    "verl",
                    "compute_grpo_passk_outcome_advantage",
                    "https://arxiv.org/abs/2503.19595"),
                (r, c) -> spread(PassAtK.lead(r)))
            .in(Peer.of(VERL, "grpo_passk")),
        part(
                "greedy-baseline",
                "The reward less that of the greedy response (ReMax); needs greedy_reward",
                source(
                    "ReMax: A Simple, Effective, and Efficient Reinforcement Learning Method for"
                        + " Aligning Large Language Models",
                    "algorithm 1",
                    "https://arxiv.org/abs/2310.10505"),
                (r, c) -> spread(r.minus(given("greedy_reward", SEQUENCE))))
            .in(Peer.of(VERL, "remax")),
        part(
                "whitened",
                "The reward less the mean of its group, whitened over all tokens (REINFORCE++ with"
                    + " baseline)",
                source(
                    "REINFORCE++: Stabilizing Critic-Free Policy Optimization with Global Advantage"
                        + " Normalization",
                    "eq 13",
                    "https://arxiv.org/abs/2501.03262"),
                (r, c) -> whitened(Centred.of(r).per(TOKEN)))
            .in(
                Peer.of(VERL, "reinforce_plus_plus_baseline"),
                Peer.of(OPENRLHF, "reinforce_baseline"),
                Peer.of(NEMO_RL, "REINFORCE++"),
                Peer.of(SLIME, "reinforce_plus_plus_baseline")),
        part(
                "each-normalised",
                "Two rewards, each normalised in its group, their sum whitened over all tokens (GDPO);"
                    + " needs second_reward",
                source(
                    "GDPO: Group reward-Decoupled Normalization Policy Optimization for Multi-reward RL"
                        + " Optimization",
                    "group-wise decoupled normalisation, then batch-wise",
                    "https://arxiv.org/abs/2601.05242"),
                AdvantageParts::eachNormalised)
            .in(
                Peer.of(VERL, "gdpo").differs("weights of the rewards are given"),
                Peer.of(TRL, "multi_objective_aggregation normalize_then_sum")
                    .differs("normalises the sum by response"),
                Peer.of(NEMO_RL, "GDPO")));
  }

  private static Seq<Part<Estimator>> ofTokens() {
    return List.of(
        part(
                "gae",
                "Generalised advantage estimation, γ = 1, λ = 0.95; needs token_reward and value",
                source(
                    "High-Dimensional Continuous Control Using Generalized Advantage Estimation",
                    "eq 16",
                    "https://arxiv.org/abs/1506.02438"),
                (r, c) -> Gae.of(rewards(), critic(), 1, 0.95))
            .in(
                Peer.of(VERL, "gae").differs("whitened"),
                Peer.of(TRL, "PPOTrainer"),
                Peer.of(OPENRLHF, "gae").differs("whitened"),
                Peer.of(RLAX, "truncated_generalized_advantage_estimation"),
                Peer.of(NEMO_RL, "GAE"),
                Peer.of(SLIME, "gae"),
                Peer.of(ROLL, "gae")),
        part(
                "gae-length-adaptive",
                "Generalised advantage estimation with λ = 1 − 1/(0.05·|y|); needs token_reward and"
                    + " value",
                source(
                    "VAPO: Efficient and Reliable Reinforcement Learning for Advanced Reasoning Tasks",
                    "eq 9",
                    "https://arxiv.org/abs/2504.05118"),
                (r, c) -> lengthAdaptive())
            .in(Peer.of(NEMO_RL, "GAE with length-adaptive λ")),
        part(
                "returns-whitened",
                "Rewards to go, whitened over all tokens (REINFORCE++); needs token_reward",
                source(
                    "REINFORCE++: A Simple and Efficient Approach for Aligning Large Language Models",
                    "section 3",
                    "https://arxiv.org/abs/2501.03262"),
                (r, c) -> whitened(Returns.of(rewards(), 1)))
            .in(
                Peer.of(VERL, "reinforce_plus_plus"),
                Peer.of(OPENRLHF, "reinforce"),
                Peer.of(SLIME, "reinforce_plus_plus")),
        part(
                "lambda-returns",
                "λ-returns less the value, γ = 1, λ = 0.9; needs token_reward and value",
                source("rlax", "multistep.lambda_returns", MULTISTEP),
                (r, c) -> lambdaReturns(1, 0.9))
            .in(Peer.of(RLAX, "lambda_returns")),
        part(
                "v-trace",
                "V-trace with ρ and c held at 1, γ = 1; needs token_reward and value",
                source(
                    "IMPALA: Scalable Distributed Deep-RL with Importance Weighted Actor-Learner"
                        + " Architectures",
                    "eq 1 and section 4.2",
                    "https://arxiv.org/abs/1802.01561"),
                (r, c) -> vTrace())
            .in(Peer.of(RLAX, "vtrace_td_error_and_advantage")),
        part(
                "retrace",
                "Retrace targets less the value, γ = 1, λ = 1; needs token_reward, value and q_value",
                source(
                    "Safe and Efficient Off-Policy Reinforcement Learning",
                    "eqs 3 and 4",
                    "https://arxiv.org/abs/1606.02647"),
                (r, c) -> retrace())
            .in(Peer.of(RLAX, "retrace")),
        part(
                "optimal-token-baseline",
                "The reward to go less the baseline of its slot that makes the variance of the gradient"
                    + " smallest; needs token_reward, old_sum_pi_squared and slot",
                source(
                    "verl",
                    "core_algos.compute_optimal_token_baseline_advantage",
                    "https://github.com/volcengine/verl"),
                (r, c) -> tokenBaseline(given("slot", TOKEN), Alone.group()))
            .in(Peer.of(VERL, "optimal_token_baseline")),
        part(
                "multi-turn-optimal-token-baseline",
                "The same over positions that count only tokens of the policy (TIR); needs token_reward"
                    + " and old_sum_pi_squared",
                source(
                    "verl",
                    "core_algos.compute_multi_turn_optimal_token_baseline_advantage",
                    "https://github.com/volcengine/verl"),
                (r, c) -> tokenBaseline(position(), OptimalTokenBaseline.alone()))
            .in(Peer.of(VERL, "tir_optimal_token_baseline")),
        part(
            "step-grouped",
            "The group-normalised reward plus the return of tokens with the same state, normalised"
                + " among those (GiGPO); needs token_reward and state",
            source(
                "Group-in-Group Policy Optimization for LLM Agent Training",
                "eqs 3 to 8",
                "https://arxiv.org/abs/2505.10978"),
            AdvantageParts::stepGrouped));
  }

  private static Detached<Token> spread(Detached<Sequence> a) {
    return a.per(TOKEN).as("A");
  }

  /** (x − mean) / std over all tokens, 0 where all are equal. */
  private static Detached<Token> whitened(Detached<Token> x) {
    Detached<Batch> std = x.deviation(ALL_TOKENS, 0);
    Detached<Batch> over = select(std.positive(), std, constant(1, BATCH));
    Detached<Token> centred = x.minus(x.mean(ALL_TOKENS).per(TOKEN));
    return select(std.positive().per(TOKEN), centred.dividedBy(over.per(TOKEN)), constant(0, TOKEN))
        .as("A");
  }

  private static Detached<Token> eachNormalised(Detached<Sequence> r, Conventions c) {
    Detached<Sequence> other = given("second_reward", SEQUENCE);
    return whitened(Advantages.groupNormalised(r, c).plus(Advantages.groupNormalised(other, c)));
  }

  private static Detached<Token> tokenBaseline(Detached<Token> at, Condition<Group> alone) {
    Detached<Token> weight = OptimalTokenBaseline.scoreNorm(given("old_sum_pi_squared", TOKEN));
    Detached<Token> returns = Returns.of(rewards(), 1);
    return OptimalTokenBaseline.of(returns, weight, at, alone, 1e-8, false);
  }

  private static Detached<Token> rewards() {
    return given(Columns.TOKEN_REWARD, TOKEN);
  }

  private static Detached<Token> critic() {
    return value().stopGradient();
  }

  /** (r − mean) / mean, 0 where nobody in the group has a reward. */
  private static Detached<Sequence> maxRl(Detached<Sequence> r) {
    Detached<Group> mean = r.mean(SEQUENCES);
    Detached<Group> over = select(mean.abs().positive(), mean, constant(1, GROUP));
    return select(
        mean.abs().positive().per(SEQUENCE),
        Centred.of(r).dividedBy(over.per(SEQUENCE)),
        constant(0, SEQUENCE));
  }

  private static Detached<Token> lengthAdaptive() {
    Detached<Sequence> scaled = lossmith.dsl.Terms.length().scaledBy(0.05);
    Detached<Sequence> one = constant(1, SEQUENCE);
    Detached<Sequence> lambda =
        select(scaled.above(one), one.minus(one.dividedBy(scaled)), constant(0, SEQUENCE));
    Detached<Token> error = rewards().plus(next(critic(), 0)).minus(critic());
    return scanBackward(error, lambda.per(TOKEN)).as("A");
  }

  /** G_t = r_t + γ ((1 − λ) V_(t+1) + λ G_(t+1)), less V_t. */
  private static Detached<Token> lambdaReturns(double gamma, double lambda) {
    Detached<Token> ahead = next(critic(), 0).scaledBy(gamma * (1 - lambda));
    Detached<Token> target = scanBackward(rewards().plus(ahead), constant(gamma * lambda, TOKEN));
    return target.minus(critic()).as("A");
  }

  private static Detached<Token> heldRatio() {
    return logProb().stopGradient().minus(oldLogProb()).exp().clip(Clip.between(0, 1));
  }

  /** v_t − V_t = ρ δ_t + c (v_(t+1) − V_(t+1)); A_t = ρ (r_t + v_(t+1) − V_t). */
  private static Detached<Token> vTrace() {
    Detached<Token> rho = heldRatio();
    Detached<Token> error = rewards().plus(next(critic(), 0)).minus(critic()).times(rho);
    Detached<Token> target = scanBackward(error, rho).plus(critic());
    return rewards().plus(next(target, 0)).minus(critic()).times(rho).as("A");
  }

  /** G_t = r_t + V_(t+1) + c_(t+1) (G_(t+1) − Q_(t+1)), less V_t. */
  private static Detached<Token> retrace() {
    Detached<Token> q = given("q_value", TOKEN);
    Detached<Token> c = next(heldRatio(), 0);
    Detached<Token> addend = rewards().plus(next(critic(), 0)).minus(c.times(next(q, 0)));
    return scanBackward(addend, c).minus(critic()).as("A");
  }

  private static Detached<Token> stepGrouped(Detached<Sequence> reward, Conventions c) {
    Detached<Token> state = given("state", TOKEN);
    Detached<Token> x = Returns.of(rewards(), 0.95);
    Detached<Token> n = constant(1, TOKEN).sumSharing(state, GROUP_TOKENS);
    Detached<Token> centred = x.minus(x.sumSharing(state, GROUP_TOKENS).dividedBy(n));
    Detached<Token> variance = centred.square().sumSharing(state, GROUP_TOKENS).dividedBy(n);
    Detached<Token> alone = constant(1, TOKEN);
    Detached<Token> std = select(variance.positive(), variance, alone).sqrt();
    Detached<Token> step = select(variance.positive(), centred.dividedBy(std), constant(0, TOKEN));
    return Advantages.groupNormalised(reward, c).plus(step).as("A");
  }
}
