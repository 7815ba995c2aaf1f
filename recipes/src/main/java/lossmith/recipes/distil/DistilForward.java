package lossmith.recipes.distil;

import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.referenceLogPi;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** The divergence of the policy from its teacher. */
public final class DistilForward implements Recipe {
  /** The recipe. */
  public DistilForward() {}

  @Override
  public String name() {
    return "distil-forward-kl";
  }

  @Override
  public String title() {
    return "Distillation by KL(π_ref ‖ π), mass-covering";
  }

  @Override
  public Source source() {
    return new Source(
        "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
        "forward KL; verl distillation/losses.py",
        "https://arxiv.org/abs/2306.13649");
  }

  @Override
  public Seq<Claim> claims() {
    return List.of(new Claim.Estimates(Claim.Divergence.FORWARD, ""));
  }

  @Override
  public Loss loss(Conventions c) {
    return Diagnostics.policy(
        minimise(
                c.aggregate(
                    expected(referenceLogPi(), referenceLogPi().minus(logPi())),
                    Aggregation.TOKEN_MEAN))
            .as("divergence"));
  }
}
