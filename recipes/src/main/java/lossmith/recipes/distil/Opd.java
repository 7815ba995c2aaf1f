package lossmith.recipes.distil;

import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
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
  @Override
  public Card card() {
    return Card.of(
            "opd",
            "On-policy distillation: the teacher's log-ratio as the advantage of each token",
            new Source(
                "On-Policy Distillation",
                "the reverse divergence of each token as its reward",
                "https://thinkingmachines.ai/blog/on-policy-distillation/"))
        .claiming(
            Claims.policyGradient(Aggregation.TOKEN_MEAN)
                .append(new Claim.Estimates(Claim.Divergence.REVERSE, "")))
        .deviating("log P − log π_old is held within ±20.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Teacher.gap().as("A");
    return Diagnostics.policy(
        maximise(c.aggregate(Surrogate.ratio(c).times(a), Aggregation.TOKEN_MEAN)));
  }
}
