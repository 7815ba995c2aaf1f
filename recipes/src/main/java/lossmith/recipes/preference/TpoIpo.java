package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Counterpart.Project.TRL;

import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** (mean_t log π(y_w) − mean_t log π(y_l) − 1/(2β))² and the likelihood of a golden response. */
public final class TpoIpo implements Recipe {
  /** The recipe. */
  public TpoIpo() {}

  @Override
  public String name() {
    return "tpo-ipo";
  }

  @Override
  public String title() {
    return "Triple preference optimisation by a regression of the margin";
  }

  @Override
  public Source source() {
    return Triple.source("section 3, with the square of IPO; TRL TPOTrainer, loss_type ipo");
  }

  @Override
  public Seq<String> deviations() {
    return Triple.deviations();
  }

  @Override
  public Loss loss(Conventions c) {
    return Triple.loss(
        minimise(
            Preference.identity(Triple.meanMargin(), parameter("beta", 0.1, 1e-3, 1e3))
                .mean(GROUPS)));
  }
}
