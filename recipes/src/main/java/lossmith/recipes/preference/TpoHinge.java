package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Counterpart.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** max(0, 1 − β (log π(y_w) − log π(y_l))) and the likelihood of a golden response. */
public final class TpoHinge implements Recipe {
  /** The recipe. */
  public TpoHinge() {}

  @Override
  public String name() {
    return "tpo-hinge";
  }

  @Override
  public String title() {
    return "Triple preference optimisation by a hinge";
  }

  @Override
  public Source source() {
    return Triple.source("section 3, with the hinge of SLiC; TRL TPOTrainer, loss_type hinge");
  }

  @Override
  public Seq<String> deviations() {
    return Triple.deviations();
  }

  @Override
  public Seq<Claim> claims() {
    return List.of(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    return Triple.loss(
        minimise(
            Preference.hinge(Triple.margin(), parameter("beta", 0.01, 1e-6, 1e3)).mean(GROUPS)));
  }
}
