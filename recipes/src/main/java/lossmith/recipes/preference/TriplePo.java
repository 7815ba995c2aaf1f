package lossmith.recipes.preference;

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

/** log σ(β (log π(y_w) − log π(y_l))) and the likelihood of a golden response. */
public final class TriplePo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "tpo-triple",
            "Triple preference optimisation: a pair without a reference, and a golden response",
            Triple.source("the TPO loss; TRL TPOTrainer, loss_type sigmoid"))
        .claiming(new Claim.Sign("s"))
        .deviating(Triple.deviations());
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Group> x = Triple.margin().scaledBy(parameter("beta", 0.01, 1e-6, 1e3));
    return Triple.loss(maximise(x.logSigmoid().mean(GROUPS)));
  }
}
