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
import lossmith.recipes.Source;

/** The log-odds of the chosen response, as a logistic regression. */
public final class Dpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
            "dpo",
            "Direct preference optimisation",
            new Source(
                "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
                "eq 7",
                "https://arxiv.org/abs/2305.18290"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.towardsReference());
    return maximise(h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3)).logSigmoid().mean(GROUPS));
  }
}
