package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** A share of the pairs counts the other way round. */
public final class Cdpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
        "cdpo",
        "DPO that expects some labels to be wrong",
        new Source(
            "A note on DPO with noisy preferences and relationship to IPO",
            "eq 3, the conservative loss; OpenRLHF label_smoothing",
            "https://ericmitchell.ai/cdpo.pdf"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.towardsReference());
    Term<Group> x = h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    return maximise(Preference.smoothed(x).mean(GROUPS));
  }
}
