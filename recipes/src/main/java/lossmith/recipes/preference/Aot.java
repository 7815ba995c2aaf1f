package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * The i-th largest margin of the policy against the i-th largest of the reference: first-order
 * stochastic dominance between the two, as a logistic regression.
 */
public final class Aot implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "aot",
            "Alignment by optimal transport of paired responses",
            new Source(
                "Distributional Preference Alignment of LLMs via Optimal Transport",
                "section 3; TRL loss_type aot, no label smoothing",
                "https://arxiv.org/abs/2406.05882"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    return maximise(apart().logSigmoid().mean(GROUPS));
  }

  /** {@return the loss where a share of the labels, label_smoothing, is expected to be wrong} */
  public Loss smoothed() {
    return maximise(Preference.smoothed(apart()).mean(GROUPS));
  }

  private static Term<Group> apart() {
    Term<Group> margin = Preference.margin(logProb()).as("h");
    Detached<Group> reference =
        referenceLogProb().weightedBy(Preference.side()).sum(TOKENS).sum(SEQUENCES).as("h_ref");
    Term<Group> apart =
        margin.sortedBy(margin.stopGradient(), GROUPS).minus(reference.sortedBy(reference, GROUPS));
    return apart.scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
  }
}
