package lossmith.recipes.part;

import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.part.AdvantageParts.part;
import static lossmith.recipes.part.AdvantageParts.source;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.advantage.Teacher;
import lossmith.recipes.part.AdvantageParts.Estimator;

/** How much more probable a teacher, the reference, finds what the policy sampled. */
final class TeacherParts {
  private TeacherParts() {}

  static Seq<Part<Estimator>> all() {
    return List.of(
        part(
            "teacher",
            "log π_ref − log π_old of each token: on-policy distillation; the reward is not"
                + " read",
            source(
                "On-Policy Distillation",
                "the reverse divergence as a reward of each token",
                "https://thinkingmachines.ai/blog/on-policy-distillation/"),
            (r, c) -> Teacher.gap().as("A")),
        part(
            "teacher-to-go",
            "The sum of log π_ref − log π_old from each token on, discounted by 0.95",
            source(
                "MiniLLM: Knowledge Distillation of Large Language Models",
                "section 2.2, the return R_t; tinker, kl_discount_factor",
                "https://arxiv.org/abs/2306.08543"),
            (r, c) -> Teacher.toGo(0.95).as("A")),
        part(
            "teacher-early",
            "log π_ref − log π_old of each token, more where little of a response's distance"
                + " lies before it (IW-OPD)",
            source(
                "On the Position Bias of On-Policy Distillation",
                "algorithm 1",
                "https://arxiv.org/abs/2606.22600"),
            (r, c) -> Teacher.early().as("A")),
        part(
            "group-normalised-teacher",
            "The group-normalised reward and teacher_coef times log π_ref − log π_old",
            source(
                "slime",
                "backends/megatron_utils/loss.py, apply_opd_kl_to_advantages",
                "https://github.com/THUDM/slime"),
            TeacherParts::both));
  }

  private static Detached<Token> both(Detached<Sequence> reward, Conventions c) {
    Detached<Token> gap = Teacher.gap().scaledBy(parameter("teacher_coef", 1, 0, 1e3));
    return Advantages.groupNormalised(reward, c).as("R").plus(gap).as("A");
  }
}
