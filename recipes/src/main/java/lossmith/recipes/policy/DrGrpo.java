package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** GRPO without the division by std and length. */
public final class DrGrpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "dr-grpo",
            "GRPO without the biases of length and difficulty",
            new Source(
                "Understanding R1-Zero-Like Training: A Critical Perspective",
                "section 3, Dr. GRPO",
                "https://arxiv.org/abs/2503.20783"))
        .claiming(
            Claims.policyGradient(x -> mean(x, Conventions.paper()))
                .append(Claims.clipped())
                .append(new Claim.Centred("A")))
        .deviating(
            "The constant that the sum over tokens is divided by is the parameter max_length.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.centred(reward(), c).per(TOKEN).as("A");
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    return Diagnostics.clipped(maximise(mean(Surrogate.clipped(r, a, clip, c), c)), r, a, clip);
  }

  /** The sum of each response over a constant, then the mean over responses. */
  private static Term<Batch> mean(Term<Token> x, Conventions c) {
    Detached<Batch> constant = parameter("max_length", 1024, 1, 1e9);
    return Aggregation.SEQUENCE_MEAN_TOKEN_SUM.of(x, c).dividedBy(constant);
  }
}
