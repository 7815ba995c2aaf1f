package lossmith.recipes.distil;

import static lossmith.dsl.Terms.maximise;
import static lossmith.recipes.Counterpart.Project.NEMO_RL;
import static lossmith.recipes.Counterpart.Project.PRIME_RL;
import static lossmith.recipes.Counterpart.Project.ROLL;
import static lossmith.recipes.Counterpart.Project.SLIME;
import static lossmith.recipes.Counterpart.Project.TINKER;
import static lossmith.recipes.Counterpart.Project.TRL;
import static lossmith.recipes.Counterpart.Project.VERL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Teacher;
import lossmith.recipes.surrogate.Surrogate;

/**
 * r · (log P − log π_old) of each token, P the teacher: on policy the gradient of KL(π ‖ P), of one
 * sample.
 */
public final class Opd implements Recipe {
  /** The recipe. */
  public Opd() {}

  @Override
  public String name() {
    return "opd";
  }

  @Override
  public String title() {
    return "On-policy distillation: the teacher's log-ratio as the advantage of each token";
  }

  @Override
  public Source source() {
    return new Source(
        "On-Policy Distillation",
        "the reverse divergence of each token as its reward",
        "https://thinkingmachines.ai/blog/on-policy-distillation/");
  }

  @Override
  public Seq<String> deviations() {
    return List.of("log P − log π_old is held within ±20.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.policyGradient(Aggregation.TOKEN_MEAN)
        .append(new Claim.Estimates(Claim.Divergence.REVERSE, ""));
  }

  @Override
  public Seq<Counterpart> peers() {
    return List.of(
        Counterpart.of(TINKER, "train_on_policy, loss_fn importance_sampling")
            .differs("the sum over tokens"),
        Counterpart.of(NEMO_RL, "OPDAdvantageEstimator with disable_ppo_ratio")
            .differs("log π for r, weighted by IcePop"),
        Counterpart.of(SLIME, "use_opd").differs("clipped, and beside the advantage of rewards"),
        Counterpart.of(PRIME_RL, "opd, ref_kl_loss_fn")
            .differs(
                "log P − log π of the policy that is trained; tokens whose π fell by 0.2 are"
                    + " dropped"),
        Counterpart.of(TRL, "SDPOTrainer, sampled_token")
            .differs("log π for r, weighted by the held ratio"),
        Counterpart.of(VERL, "use_policy_gradient with k1").differs("any policy loss"),
        Counterpart.of(ROLL, "on-policy distillation"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Teacher.gap().as("A");
    return Diagnostics.policy(
        maximise(c.aggregate(Surrogate.ratio(c).times(a), Aggregation.TOKEN_MEAN)));
  }
}
