package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** SLiC's hinge on the margin of DPO. */
public final class DpoHinge implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
            "dpo-hinge",
            "Preferences with a margin",
            new Source(
                "Statistical Rejection Sampling Improves Preference Optimization",
                "the hinge loss on the normalised likelihood; TRL hinge",
                "https://arxiv.org/abs/2309.06657"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.towardsReference());
    return minimise(Preference.hinge(h, parameter("beta", 0.1, 1e-6, 1e3)).mean(GROUPS));
  }
}
