package lossmith.recipes.distil;

import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * Distillation by the sorted probabilities alone, for a teacher with other tokens. Σ_i |π_(i) −
 * P_(i)| over the probabilities of policy and teacher P, each in descending order: which entry is
 * which does not matter.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} ULD
 *   where π↓ = sorted_by_v(π(v), sg(log π(v)))
 *   where P↓ = sorted_by_v(π_ref(v), log π_ref(v))
 *   where ULD = Σ_v |π↓ - P↓|
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Source: <a href="https://arxiv.org/abs/2402.12030">Towards Cross-Tokenizer Distillation:
 *       the Universal Logit Distillation Loss for LLMs</a>, eq 2, the closed form; TRL GOLDTrainer
 *   <li>Differs: Vocabularies are of one size: pad the smaller one with entries of probability 0,
 *       which is log 0 = −∞ in ref_log_pi.
 * </ul>
 */
public final class DistilUld implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-uld").claiming(new Claim.Within("ULD", 0, 2));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Vocabulary> policy = logPi().exp().sortedBy(logPi().stopGradient(), VOCABULARY).as("π↓");
    Detached<Vocabulary> teacher =
        referenceLogPi().exp().sortedBy(referenceLogPi(), VOCABULARY).as("P↓");
    Term<Token> distance = policy.minus(teacher).abs().sum(VOCABULARY).as("ULD");
    return Diagnostics.policy(
        minimise(c.aggregate(distance, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
