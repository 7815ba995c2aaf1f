package lossmith.recipes.entropy;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * High log-probability of the response as the reward.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g (1/G) Σ_i (1/|y_i|) Σ_t min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where R = (1/|y_i|) Σ_t sg(log π(y_t))
 *   where A = 1[8·ulp_i(R) < max_i(R) - min_i(R)]·(R - (1/G) Σ_i R) / std_i(R)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.2 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2506.17219">No Free Lunch: Rethinking Internal
 *       Feedback for LLM Reasoning</a>, internal feedback: trajectory-level entropy
 *   <li>Differs: The log-probability is per token of the response.
 * </ul>
 */
public final class TrajectoryEntropy implements Recipe {
  @Override
  public Card card() {
    return Card.of("trajectory-entropy")
        .claiming(Claims.policyGradient(Aggregation.GROUP_MEAN).append(Claims.clipped()));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> feedback = logProb().stopGradient().mean(TOKENS).as("R");
    Detached<Token> a = Advantages.groupNormalised(feedback, c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss =
        Diagnostics.clipped(
            maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.GROUP_MEAN)),
            r,
            a,
            clip);
    return loss.log("feedback", feedback.mean(ALL_SEQUENCES));
  }
}
