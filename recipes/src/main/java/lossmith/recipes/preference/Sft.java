package lossmith.recipes.preference;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.recipes.Counterpart.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** −log π summed over the tokens of the chosen responses, over their number. */
public final class Sft implements Recipe {
  /** The recipe. */
  public Sft() {}

  @Override
  public String name() {
    return "sft";
  }

  @Override
  public String title() {
    return "Supervised fine-tuning on the chosen responses";
  }

  @Override
  public Source source() {
    return new Source("TRL", "DPOTrainer, loss_type sft", "https://github.com/huggingface/trl");
  }

  @Override
  public Seq<Claim> claims() {
    return List.of(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Batch> tokens = count(ALL_TOKENS.where(Preference.side().positive()));
    return maximise(Preference.chosen(logProb()).sum(GROUPS).dividedBy(tokens));
  }
}
