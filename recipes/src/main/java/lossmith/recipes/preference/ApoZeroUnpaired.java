package lossmith.recipes.preference;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Good responses up, bad ones down, each for itself and without a pair. σ(−β x) for a response with
 * a positive reward, σ(β x) for any other, x the log-ratio to the reference.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/ΣG) Σ_{g,i} σ(-beta·Σ_t (log π(y_t) - log π_ref(y_t))·s)
 *   where s = {1 if reward > 0; -1 otherwise}
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code reward}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2408.06266">Anchored Preference Optimization and
 *       Contrastive Revisions: Addressing Underspecification in Alignment</a>, the APO-zero loss;
 *       TRL KTOTrainer, loss_type apo_zero_unpaired
 * </ul>
 */
public final class ApoZeroUnpaired implements Recipe {
  @Override
  public Card card() {
    return Card.of("apo-zero-unpaired").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> s =
        select(reward().positive(), constant(1, SEQUENCE), constant(-1, SEQUENCE))
            .per(TOKEN)
            .as("s");
    Term<Sequence> x =
        Preference.logRatioToReference()
            .weightedBy(s)
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    return minimise(x.negated().sigmoid().mean(ALL_SEQUENCES));
  }
}
