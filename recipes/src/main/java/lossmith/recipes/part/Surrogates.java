package lossmith.recipes.part;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.BiFunction;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;
import lossmith.recipes.surrogate.Surrogate;

/** Surrogate objectives per token, from the advantage; they are maximised. */
final class Surrogates {
  private Surrogates() {}

  /** Makes a term to raise from advantages. */
  interface Raised extends BiFunction<Detached<Token>, Conventions, Term<Token>> {}

  static Part<Raised> part(
      String name, String title, String paper, String where, String url, Raised make) {
    return new Part<>(Part.Kind.SURROGATE, name, title, new Source(paper, where, url), make);
  }

  static Part<Raised> clip() {
    return part(
        "clip",
        "The smaller of r·A and clip(r, 1 − ε, 1 + ε)·A",
        "Proximal Policy Optimization Algorithms",
        "eq 7",
        "https://arxiv.org/abs/1707.06347",
        (a, c) -> Surrogate.clipped(Surrogate.ratio(c), a, Surrogate.trustRegion(0.2, 0.2), c));
  }

  static Seq<Part<Raised>> all() {
    return List.of(
            clip(),
            part(
                "log-prob",
                "A·log π, whose gradient is REINFORCE's",
                "Simple statistical gradient-following algorithms for connectionist"
                    + " reinforcement learning",
                "eq 5",
                "https://doi.org/10.1007/BF00992696",
                (a, c) -> logProb().times(a)),
            part(
                "ratio",
                "r·A, no bound",
                "Trust Region Policy Optimization",
                "eq 14",
                "https://arxiv.org/abs/1502.05477",
                (a, c) -> Surrogate.ratio(c).times(a)),
            part(
                "clip-higher",
                "Clipped with a wider upper bound, [0.8, 1.28]",
                "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                "eq 10",
                "https://arxiv.org/abs/2503.14476",
                (a, c) ->
                    Surrogate.clipped(Surrogate.ratio(c), a, Surrogate.trustRegion(0.2, 0.28), c)),
            part(
                "dual-clip",
                "Clipped, and never below c·A where A is negative",
                "Mastering Complex Control in MOBA Games with Deep Reinforcement Learning",
                "eq 5",
                "https://arxiv.org/abs/1912.09729",
                Surrogates::dualClip),
            part(
                "held-ratio",
                "A·log π weighted by the clipped ratio, detached (CISPO)",
                "MiniMax-M1: Scaling Test-Time Compute Efficiently with Lightning Attention",
                "eq 4",
                "https://arxiv.org/abs/2506.13585",
                (a, c) -> {
                  Clip clip = Surrogate.trustRegion(0.2, 0.2);
                  Detached<Token> clipped = Surrogate.ratio(c).clip(clip).stopGradient();
                  return logProb().times(a).weightedBy(clipped);
                }),
            part(
                "sequence-clip",
                "Clipped with one ratio per response, the geometric mean of its tokens' (GSPO)",
                "Group Sequence Policy Optimization",
                "eqs 5 and 7",
                "https://arxiv.org/abs/2507.18071",
                Surrogates::sequenceClip),
            part(
                "soft-gate",
                "A ratio that saturates smoothly on both sides of 1 (SAPO)",
                "Soft Adaptive Policy Optimization",
                "eqs 4 to 6",
                "https://arxiv.org/abs/2511.20347",
                (a, c) -> Surrogate.softGated(Surrogate.ratio(c), a)),
            part(
                "held-ratio-tapered",
                "A·log π, weighted by the detached ratio, at most 1, where the reward is not"
                    + " positive",
                "ROLL",
                "pipeline/rlvr/actor_pg_worker.py, _compute_topr_loss",
                "https://github.com/alibaba/ROLL",
                Surrogates::tapered),
            part(
                "held-ratio-inside",
                "A·log π weighted by the detached ratio where it is within [0.8, 1.2],"
                    + " else nothing",
                "SkyRL",
                "ppo_utils.rollout_is_policy_loss",
                "https://github.com/NovaSky-AI/SkyRL",
                Surrogates::detachedInside),
            part(
                "ratio-near",
                "r·A where |π − π_old| is at most probability_range, else nothing",
                "prime-rl",
                "trainer/rl/loss.py, ipo_loss_fn",
                "https://github.com/PrimeIntellect-ai/prime-rl",
                (a, c) -> within(a, c, moved().abs().atMost(range(0.1)))),
            part(
                "ratio-near-or-back",
                "r·A, but nothing where A pushes further a π that left π_old by more than"
                    + " probability_range (DPPO)",
                "Rethinking the Trust Region in LLM Reinforcement Learning",
                "binary total variation, eq 13",
                "https://arxiv.org/abs/2602.04879",
                (a, c) -> within(a, c, moved().times(a.sign()).atMost(range(0.2)))))
        .appendAll(StaleSurrogates.all());
  }

  private static Term<Token> tapered(Detached<Token> a, Conventions c) {
    Detached<Token> truncated = Surrogate.ratio(c).stopGradient().clip(Clip.between(0, 1));
    Condition<Token> good = reward().positive().per(TOKEN);
    return logProb().times(a).weightedBy(select(good, constant(1, TOKEN), truncated).as("w"));
  }

  private static Term<Token> detachedInside(Detached<Token> a, Conventions c) {
    Detached<Token> r = Surrogate.ratio(c).stopGradient();
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Condition<Token> inside = r.equalTo(r.clip(clip));
    return logProb().times(a).weightedBy(select(inside, r, constant(0, TOKEN)).as("w"));
  }

  /** π − π_old of the sampled token, detached. */
  private static Detached<Token> moved() {
    return logProb().stopGradient().exp().minus(oldLogProb().exp()).as("Δ");
  }

  private static Detached<Token> range(double most) {
    return parameter("probability_range", most, 0, 1).per(TOKEN);
  }

  private static Term<Token> within(Detached<Token> a, Conventions c, Condition<Token> near) {
    return select(near, Surrogate.ratio(c).times(a), constant(0, TOKEN));
  }

  private static Term<Token> dualClip(Detached<Token> a, Conventions c) {
    Term<Token> clipped =
        Surrogate.clipped(
            Surrogate.ratio(c), a, Surrogate.trustRegion(0.2, 0.2), Conventions.paper());
    Detached<Token> floor = a.times(parameter("dual_clip", 3, 1, 1e6).per(TOKEN));
    return select(a.negative(), max(clipped, floor), clipped);
  }

  private static Term<Token> sequenceClip(Detached<Token> a, Conventions c) {
    Term<Sequence> s = logProb().minus(oldLogProb()).mean(TOKENS).exp().as("s");
    Term<Token> spread = s.per(TOKEN);
    Clip clip = Surrogate.trustRegion(3e-4, 4e-4);
    return min(spread.times(a), s.clip(clip).per(TOKEN).times(a));
  }
}
