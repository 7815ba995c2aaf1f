package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** A margin of mean log-probabilities over a target. */
public final class SimPo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "simpo",
            "Preferences without a reference, by mean log-probability",
            new Source(
                "SimPO: Simple Preference Optimization with a Reference-Free Reward",
                "eq 6",
                "https://arxiv.org/abs/2405.14734"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Group> h = Preference.meanMargin(logProb());
    Term<Group> x =
        h.scaledBy(parameter("beta", 2, 1e-6, 1e3)).minus(parameter("gamma", 1, 0, 1e3).per(GROUP));
    return maximise(x.logSigmoid().mean(GROUPS));
  }
}
