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

/** The divergence of the teacher from the policy. */
public final class DistilReverse implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "distil-reverse-kl",
            "Distillation by KL(π ‖ π_ref), mode-seeking",
            new Source(
                "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
                "reverse KL; MiniLLM (arXiv 2306.08543)",
                "https://arxiv.org/abs/2306.13649"))
        .claiming(new Claim.Estimates(Claim.Divergence.REVERSE, ""));
  }

  @Override
  public Loss loss(Conventions c) {
    return Diagnostics.policy(
        minimise(
                c.aggregate(
                    expected(logPi(), logPi().minus(referenceLogPi())), Aggregation.TOKEN_MEAN))
            .as("divergence"));
  }
}
