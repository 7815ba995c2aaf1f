package lossmith.recipes.distil;

import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** The divergence of the policy from its teacher. */
public final class DistilForward implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "distil-forward-kl",
            "Distillation by KL(π_ref ‖ π), mass-covering",
            new Source(
                "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
                "forward KL; verl distillation/losses.py",
                "https://arxiv.org/abs/2306.13649"))
        .claiming(new Claim.Estimates(Claim.Divergence.FORWARD, ""));
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
