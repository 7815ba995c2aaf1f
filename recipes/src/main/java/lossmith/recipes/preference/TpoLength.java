package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Counterpart.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** log σ(β (mean_t log π(y_w) − mean_t log π(y_l)) − γ) and the likelihood of a golden response. */
public final class TpoLength implements Recipe {
  /** The recipe. */
  public TpoLength() {}

  @Override
  public String name() {
    return "tpo-l";
  }

  @Override
  public String title() {
    return "Triple preference optimisation by mean log-probability, with a margin";
  }

  @Override
  public Source source() {
    return Triple.source("TPO-L; TRL TPOTrainer, loss_type tpo-l");
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
    Term<Group> x =
        Triple.meanMargin()
            .scaledBy(parameter("beta", 2, 1e-6, 1e3))
            .minus(parameter("gamma", 0.5, 0, 1e3).per(GROUP));
    return Triple.loss(maximise(x.logSigmoid().mean(GROUPS)));
  }
}
