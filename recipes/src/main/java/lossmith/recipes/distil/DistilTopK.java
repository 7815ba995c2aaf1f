package lossmith.recipes.distil;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * Forward KL truncated to the teacher's k most probable entries: no divergence, negative at times.
 * D_t = Σ_{v ∈ K} P(v) (log P(v) − log π(v)), in nats, a number per token: K are the k entries that
 * the teacher P finds most probable.
 *
 * <p>The sum is truncated and no divergence: with Z = Σ_{v ∈ K} P(v) it is Z (KL(P/Z ‖ π) + log Z),
 * which is least, Z log Z &lt; 0, not where the policy is the teacher but where it gives nothing to
 * the other entries; never below −1/e. Z is logged as {@code teacher_mass}: 1 where nothing is left
 * out. {@link DistilTopKTail} keeps the rest as one bucket and is a divergence.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} D
 *   where likely ⇔ rank_v(log π_ref(v)) < k
 *   where D = Σ_v 1[likely]·π_ref(v)·(log π_ref(v) - log π(v))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code k} = 3 in [1, 1000000]
 *   <li>Source: <a href="https://github.com/volcengine/verl">verl</a>, trainer/distillation,
 *       forward_kl_topk
 *   <li>Differs: A truncated sum, which its source calls a KL divergence: it is least, and
 *       negative, where the policy gives nothing to the other entries. distil-top-k-tail is a
 *       divergence.
 * </ul>
 */
public final class DistilTopK implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-top-k")
        .claiming(new Claim.Within("D", -Math.exp(-1), Double.POSITIVE_INFINITY));
  }

  @Override
  public Loss loss(Conventions c) {
    return logged(
        minimise(c.aggregate(truncated().as("D"), Aggregation.TOKEN_MEAN)).as("divergence"));
  }

  /** {@return Σ P(v) (log P(v) − log π(v)) over the k entries, which may be negative} */
  static Term<Token> truncated() {
    return probTimes(referenceLogPi(), referenceLogPi().minus(logPi()))
        .sum(VOCABULARY.where(DistilTopKReverse.likely()));
  }

  /** {@return the loss, logging what share of the teacher's probability the k entries have} */
  static Loss logged(Loss loss) {
    return Diagnostics.policy(loss).log("teacher_mass", DistilTopKReverse.mass().mean(ALL_TOKENS));
  }
}
