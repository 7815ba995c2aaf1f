package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** A regression of the margin on 1/(2β). */
public final class Ipo implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
            "ipo",
            "Identity preference optimisation",
            new Source(
                "A General Theoretical Paradigm to Understand Learning from Human Preferences",
                "eq 17",
                "https://arxiv.org/abs/2310.12036"))
        .deviating(
            "Log-probabilities are averaged over a response, as its authors told TRL (trl#1265).");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.meanMargin(Preference.towardsReference());
    return minimise(Preference.identity(h, parameter("beta", 0.1, 1e-3, 1e3)).mean(GROUPS));
  }
}
