package lossmith.recipes.distil;

import static lossmith.dsl.Terms.maximise;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
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
  public Loss loss(Conventions c) {
    Detached<Token> a = Teacher.gap().as("A");
    return Diagnostics.policy(
        maximise(c.aggregate(Surrogate.ratio(c).times(a), Aggregation.TOKEN_MEAN)));
  }
}
