package lossmith.recipes.preference;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Supervised fine-tuning on the chosen responses. −log π summed over the tokens of the chosen
 * responses, over their number.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(0.5/(Σ_{i,t} 1[s > 0])) Σ_g Σ_i Σ_t (s + 1)·log π(y_t)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code sign} (sequence)
 *   <li>Source: <a href="https://github.com/huggingface/trl">TRL</a>, DPOTrainer, loss_type sft
 * </ul>
 */
public final class Sft implements Recipe {
  @Override
  public Card card() {
    return Card.of("sft").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Batch> tokens = count(ALL_TOKENS.where(Preference.side().positive()));
    return maximise(Preference.chosen(logProb()).sum(GROUPS).dividedBy(tokens));
  }
}
