package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Counterpart.Project.OPENRLHF;
import static lossmith.recipes.Counterpart.Project.OPEN_INSTRUCT;
import static lossmith.recipes.Counterpart.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Source;

/** A share of the pairs counts the other way round. */
public final class Cdpo implements PairLoss {
  /** The recipe. */
  public Cdpo() {}

  @Override
  public String name() {
    return "cdpo";
  }

  @Override
  public String title() {
    return "DPO that expects some labels to be wrong";
  }

  @Override
  public Source source() {
    return new Source(
        "A note on DPO with noisy preferences and relationship to IPO",
        "eq 3, the conservative loss; OpenRLHF label_smoothing",
        "https://ericmitchell.ai/cdpo.pdf");
  }

  @Override
  public Seq<Counterpart> peers() {
    return List.of(
        Counterpart.of(TRL, "TPOTrainer and CPOTrainer, sigmoid with label_smoothing")
            .differs("of log π, no reference; DPOTrainer's sigmoid reads no label_smoothing"),
        Counterpart.of(OPENRLHF, "DPOLoss, label_smoothing"),
        Counterpart.of(OPEN_INSTRUCT, "dpo, label_smoothing"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.towardsReference());
    Term<Group> x = h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    return maximise(Preference.smoothed(x).mean(GROUPS));
  }
}
