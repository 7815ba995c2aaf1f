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
 * Distillation by KL(π ‖ π_ref), mode-seeking. The divergence of the teacher from the policy.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} Σ_v π(v)·(log π(v) - log π_ref(v))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Source: <a href="https://arxiv.org/abs/2306.13649">On-Policy Distillation of Language
 *       Models: Learning from Self-Generated Mistakes</a>, reverse KL; MiniLLM (arXiv 2306.08543)
 * </ul>
 */
public final class DistilReverse implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-reverse-kl").claiming(new Claim.Estimates(Claim.Divergence.REVERSE, ""));
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
