package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/** max(0, 1 − β (log π(y_w) − log π(y_l))) and the likelihood of a golden response. */
public final class TpoHinge implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "tpo-hinge",
            "Triple preference optimisation by a hinge",
            Triple.source("section 3, with the hinge of SLiC; TRL TPOTrainer, loss_type hinge"))
        .claiming(new Claim.Sign("s"))
        .deviating(Triple.deviations());
  }

  @Override
  public Loss loss(Conventions c) {
    return Triple.loss(
        minimise(
            Preference.hinge(Triple.margin(), parameter("beta", 0.01, 1e-6, 1e3)).mean(GROUPS)));
  }
}
