package lossmith.recipes.distil;

import static lossmith.dsl.Terms.maximise;
import static lossmith.recipes.Aggregation.TOKEN_MEAN;
import static lossmith.recipes.Claim.Divergence.REVERSE;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Teacher;
import lossmith.recipes.surrogate.Surrogate;

/**
 * On-policy distillation: the teacher's log-ratio as the advantage of each token. r · (log P − log
 * π_old) of each token, P the teacher: on policy the gradient of KL(π ‖ P), of one sample.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} r·A
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = clip(log π_ref(y_t) - log π_old(y_t), -20, 20)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_prob} (token)
 *   <li>Source: <a href="https://thinkingmachines.ai/blog/on-policy-distillation/">On-Policy
 *       Distillation</a>, the reverse divergence of each token as its reward
 *   <li>Differs: log P − log π_old is clamped to ±20.
 * </ul>
 */
public final class Opd implements Recipe {
  @Override
  public Card card() {
    return Card.of("opd")
        .claiming(Claims.policyGradient(TOKEN_MEAN, new Claim.Estimates(REVERSE, "")));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Teacher.gap().as("A");
    return Diagnostics.policy(maximise(c.aggregate(Surrogate.ratio(c).times(a), TOKEN_MEAN)));
  }
}
