package lossmith.recipes.preference;

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

/** log σ(β (log π(y_w) − log π(y_l))) and the likelihood of a golden response. */
public final class TriplePo implements Recipe {
  /** The recipe. */
  public TriplePo() {}

  @Override
  public String name() {
    return "tpo-triple";
  }

  @Override
  public String title() {
    return "Triple preference optimisation: a pair without a reference, and a golden response";
  }

  @Override
  public Source source() {
    return Triple.source("the TPO loss; TRL TPOTrainer, loss_type sigmoid");
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
    Term<Group> x = Triple.margin().scaledBy(parameter("beta", 0.01, 1e-6, 1e3));
    return Triple.loss(maximise(x.logSigmoid().mean(GROUPS)));
  }
}
