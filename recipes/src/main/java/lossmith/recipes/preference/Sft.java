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
import lossmith.recipes.Source;

/** −log π summed over the tokens of the chosen responses, over their number. */
public final class Sft implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "sft",
            "Supervised fine-tuning on the chosen responses",
            new Source("TRL", "DPOTrainer, loss_type sft", "https://github.com/huggingface/trl"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Batch> tokens = count(ALL_TOKENS.where(Preference.side().positive()));
    return maximise(Preference.chosen(logProb()).sum(GROUPS).dividedBy(tokens));
  }
}
