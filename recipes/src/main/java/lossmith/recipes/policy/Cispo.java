package lossmith.recipes.policy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static lossmith.recipes.Counterpart.Project.LIGER;
import static lossmith.recipes.Counterpart.Project.NEMO_RL;
import static lossmith.recipes.Counterpart.Project.OPEN_INSTRUCT;
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

/** Clipped importance weights that never stop a token's gradient. */
public final class Cispo implements Recipe {
  /** The recipe. */
  public Cispo() {}

  @Override
  public String name() {
    return "cispo";
  }

  @Override
  public String title() {
    return "Clipped importance weights that never stop a token's gradient";
  }

  @Override
  public Source source() {
    return new Source(
        "MiniMax-M1: Scaling Test-Time Compute Efficiently with Lightning Attention",
        "eqs 4 and 5; Entropy Collapse, eq 7 with its log π",
        "https://arxiv.org/abs/2506.13585");
  }

  @Override
  public Seq<String> deviations() {
    return List.of(
        "The bounds are 1 − clip_low and 1 + clip_high on both sides.",
        "The mean is GRPO's, as eq 7 prints it; MiniMax-M1 divides by the tokens of a group.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.normalised(Aggregation.GROUP_MEAN);
  }

  @Override
  public Seq<Counterpart> peers() {
    return List.of(
        Counterpart.of(TRL, "loss_type cispo")
            .differs("bounds the weight from above at ε_high itself, not 1 + ε_high")
            .wrong("its default of 0.2 makes every weight at r = 1 five times too small"),
        Counterpart.of(LIGER, "loss_type cispo").differs("the same bound as TRL"),
        Counterpart.of(VERL, "cispo").differs("log-ratios are held within ±20"),
        Counterpart.of(NEMO_RL, "use_cispo"),
        Counterpart.of(SLIME, "cispo"),
        Counterpart.of(ROLL, "cispo").differs("both bounds are 0.1"),
        Counterpart.of(OPEN_INSTRUCT, "cispo").differs("bounds the weight from above alone"),
        Counterpart.of(SKYRL, "cispo")
            .differs("within [0, 5]")
            .wrong("had the bound off by one twice"),
        Counterpart.of(TINKER, "loss_fn cispo").differs("the sum over tokens"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> weight = r.clip(clip).stopGradient();
    return Diagnostics.clipped(
        maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.GROUP_MEAN)),
        r,
        a,
        clip);
  }
}
