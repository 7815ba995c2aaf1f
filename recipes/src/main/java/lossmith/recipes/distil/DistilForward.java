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

/**
 * Distillation by KL(π_ref ‖ π), mass-covering. The divergence of the policy from its teacher.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} Σ_v π_ref(v)·(log π_ref(v) - log π(v))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Source: <a href="https://arxiv.org/abs/2306.13649">On-Policy Distillation of Language
 *       Models: Learning from Self-Generated Mistakes</a>, forward KL; verl distillation/losses.py
 * </ul>
 */
public final class DistilForward implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-forward-kl").claiming(new Claim.Estimates(Claim.Divergence.FORWARD, ""));
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
