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
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * GRPO without the biases of length and difficulty: no division by std and length. Its authors call
 * it "GRPO done right".
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -((1/ΣG) Σ_{g,i} Σ_t min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)) / max_length
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.2 in [0, 100], {@code
 *       max_length} = 1024 in [1, 1e9]
 *   <li>Source: <a href="https://arxiv.org/abs/2503.20783">Understanding R1-Zero-Like Training: A
 *       Critical Perspective</a>, section 3, Dr. GRPO
 *   <li>Differs: The constant that the sum over tokens is divided by is the parameter max_length.
 * </ul>
 */
public final class DrGrpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("dr-grpo")
        .claiming(Claims.policyGradient(DrGrpo::mean, Claims.clipped(), new Claim.Centred("A")));
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
