package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * Weighted preference optimisation. Direct preference optimisation, each pair weighted by how
 * probable its two responses are to be sampled.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g w·log σ(beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s)
 *   where s = sign
 *   where w = exp(Σ_i (1/|y_i|) Σ_t sg(log π(y_t) - log(Σ_v π(v)^2)))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2406.11827">WPO: Enhancing RLHF with Weighted
 *       Preference Optimization</a>, eq 2, weights aligned by Σ_v π(v)²; TRL use_weighting
 * </ul>
 */
public final class Wpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("wpo").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.logRatioToReference());
    return maximise(
        h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
            .logSigmoid()
            .weightedBy(weight())
            .mean(GROUPS));
  }

  /**
   * {@return Π over both responses of a pair of how likely their tokens are, in the geometric mean
   * and beside Σ_v π(v)²}
   */
  public static Detached<Group> weight() {
    Term<Token> collision = logPi().scaledBy(2).exp().sum(VOCABULARY).log();
    Detached<Token> aligned = logProb().minus(collision).stopGradient();
    return aligned.mean(TOKENS).sum(SEQUENCES).exp().as("w");
  }
}
