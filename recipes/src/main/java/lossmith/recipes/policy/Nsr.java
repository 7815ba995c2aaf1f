package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

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

/** Negative samples only. */
public final class Nsr implements Recipe {
  /** The recipe. */
  public Nsr() {}

  @Override
  public String name() {
    return "nsr";
  }

  @Override
  public String title() {
    return "Negative samples only";
  }

  @Override
  public Source source() {
    return new Source(
        "The Surprising Effectiveness of Negative Reinforcement in LLM Reasoning",
        "section 2",
        "https://arxiv.org/abs/2506.01347");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.policyGradient(Aggregation.TOKEN_MEAN);
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = reward().positive().indicator().shiftedBy(-1).per(TOKEN).as("A");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
