package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/** (mean_t log π(y_w) − mean_t log π(y_l) − 1/(2β))² and the likelihood of a golden response. */
public final class TpoIpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "tpo-ipo",
            "Triple preference optimisation by a regression of the margin",
            Triple.source("section 3, with the square of IPO; TRL TPOTrainer, loss_type ipo"))
        .deviating(Triple.deviations());
  }

  @Override
  public Loss loss(Conventions c) {
    return Triple.loss(
        minimise(
            Preference.identity(Triple.meanMargin(), parameter("beta", 0.1, 1e-3, 1e3))
                .mean(GROUPS)));
  }
}
