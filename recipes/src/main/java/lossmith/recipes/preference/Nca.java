package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;

/**
 * Noise contrastive alignment of pairs. −log σ(x₊) − (log σ(−x₊) + log σ(−x₋)) / 2, with x = β ·
 * log ratio of a response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g (log σ(X) + 0.5·(log σ(-X) + log σ(-0.5·beta·Σ_i Σ_t (log π(y_t) - log
 *       π_ref(y_t))·(1 - s))))
 *   where s = sign
 *   where X = 0.5·beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(s + 1)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2402.05369">Noise Contrastive Alignment of Language
 *       Models with Explicit Rewards</a>, the loss for pairs; TRL loss_type nca_pair
 * </ul>
 */
public final class Nca implements PairLoss {
  @Override
  public Card card() {
    return Card.of("nca");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Group> chosen = score.chosen(Preference.logRatioToReference()).scaledBy(beta);
    Term<Group> rejected = score.rejected(Preference.logRatioToReference()).scaledBy(beta);
    Term<Group> noise = chosen.negated().logSigmoid().plus(rejected.negated().logSigmoid());
    return maximise(chosen.logSigmoid().plus(noise.scaledBy(0.5)).mean(GROUPS));
  }
}
