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
import lossmith.recipes.Source;

/**
 * The i-th largest log-ratio of the chosen responses against the i-th largest of the rejected ones.
 */
public final class AotUnpaired implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "aot-unpaired",
            "Alignment by optimal transport of unpaired responses",
            new Source(
                "Distributional Preference Alignment of LLMs via Optimal Transport",
                "section 3; TRL loss_type aot_unpaired, no label smoothing",
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
    Term<Group> chosen = Preference.chosen(Preference.towardsReference());
    Term<Group> rejected = Preference.rejected(Preference.towardsReference());
    Term<Group> apart =
        chosen
            .sortedBy(chosen.stopGradient(), GROUPS)
            .minus(rejected.sortedBy(rejected.stopGradient(), GROUPS));
    return apart.scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
  }
}
