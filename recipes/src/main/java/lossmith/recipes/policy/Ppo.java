package lossmith.recipes.policy;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static lossmith.recipes.Counterpart.Project.AREAL;
import static lossmith.recipes.Counterpart.Project.LIGER;
import static lossmith.recipes.Counterpart.Project.NEMO_RL;
import static lossmith.recipes.Counterpart.Project.OPENRLHF;
import static lossmith.recipes.Counterpart.Project.RLAX;
import static lossmith.recipes.Counterpart.Project.ROLL;
import static lossmith.recipes.Counterpart.Project.SKYRL;
import static lossmith.recipes.Counterpart.Project.SLIME;
import static lossmith.recipes.Counterpart.Project.TINKER;
import static lossmith.recipes.Counterpart.Project.TRL;
import static lossmith.recipes.Counterpart.Project.VERL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** Proximal policy optimisation, clipped. */
public final class Ppo implements Recipe {
  /** The recipe. */
  public Ppo() {}

  @Override
  public String name() {
    return "ppo";
  }

  @Override
  public String title() {
    return "Proximal policy optimisation, clipped";
  }

  @Override
  public Source source() {
    return new Source(
        "Proximal Policy Optimization Algorithms", "eq 7", "https://arxiv.org/abs/1707.06347");
  }

  @Override
  public Seq<String> deviations() {
    return List.of("The advantage is the group-normalised reward: there is no value head.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.normalised(Aggregation.TOKEN_MEAN).append(Claims.clipped());
  }

  @Override
  public Seq<Counterpart> peers() {
    return List.of(
        Counterpart.of(VERL, "vanilla")
            .differs("the dual clip at 3 is always on; log-ratios are held within ±20")
            .wrong("clip_ratio alone does nothing: its lower and upper form always have a value"),
        Counterpart.of(TRL, "loss_type dapo"),
        Counterpart.of(OPENRLHF, "PolicyLoss ppo").differs("log-ratios are held within ±20"),
        Counterpart.of(LIGER, "loss_type dapo")
            .differs("the chunk counts its own tokens unless it is told the number"),
        Counterpart.of(RLAX, "clipped_surrogate_pg_loss"),
        Counterpart.of(NEMO_RL, "ClippedPGLossFn"),
        Counterpart.of(SLIME, "policy_loss_function"),
        Counterpart.of(SKYRL, "regular").differs("log-ratios are held within ±20"),
        Counterpart.of(AREAL, "ppo_actor_loss_fn"),
        Counterpart.of(TINKER, "loss_fn ppo").differs("the sum over tokens"),
        Counterpart.of(ROLL, "ppo")
            .differs("the dual clip is 1 + 2ε")
            .wrong("with its token-mean, the numerator is not masked: padding counts"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    return Diagnostics.clipped(
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.TOKEN_MEAN)),
        r,
        a,
        clip);
  }
}
