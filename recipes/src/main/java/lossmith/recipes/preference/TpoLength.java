package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/** log σ(β (mean_t log π(y_w) − mean_t log π(y_l)) − γ) and the likelihood of a golden response. */
public final class TpoLength implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "tpo-l",
            "Triple preference optimisation by mean log-probability, with a margin",
            Triple.source("TPO-L; TRL TPOTrainer, loss_type tpo-l"))
        .claiming(new Claim.Sign("s"))
        .deviating(Triple.deviations());
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
