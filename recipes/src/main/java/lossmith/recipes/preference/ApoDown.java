package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/**
 * Anchored preference optimisation, down: σ(x₊) + σ(x₋ − x₊), with x = β · log ratio of a response.
 */
public final class ApoDown implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
        "apo-down",
        "Both responses down, the rejected one further",
        new Source(
            "Anchored Preference Optimization and Contrastive Revisions: Addressing"
                + " Underspecification in Alignment",
            "eq 8; TRL loss_type apo_down",
            "https://arxiv.org/abs/2408.06266"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Group> chosen = score.chosen(Preference.towardsReference()).scaledBy(beta);
    Term<Group> margin = score.margin(Preference.towardsReference()).scaledBy(beta);
    return minimise(chosen.sigmoid().plus(margin.negated().sigmoid()).mean(GROUPS));
  }
}
