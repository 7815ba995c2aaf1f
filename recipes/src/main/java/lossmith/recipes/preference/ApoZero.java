package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Anchored preference optimisation, zero. */
public final class ApoZero implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "apo-zero",
            "Chosen responses up, rejected ones down, each for itself",
            new Source(
                "Anchored Preference Optimization and Contrastive Revisions: Addressing"
                    + " Underspecification in Alignment",
                "the APO-zero loss",
                "https://arxiv.org/abs/2408.06266"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> x =
        Preference.towardsReference()
            .weightedBy(Preference.side())
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    return minimise(x.negated().sigmoid().sum(SEQUENCES).mean(GROUPS));
  }
}
