package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** KL((σ(βh), σ(−βh)) ‖ (1 − ε, ε)), at least 0. */
public final class Exo implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
        "exo",
        "The reverse divergence to smoothed preferences",
        new Source(
            "Towards Efficient Exact Optimization of Language Model Alignment",
            "eq 16; TRL loss_type exo_pair",
            "https://arxiv.org/abs/2402.00856"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> x =
        score.margin(Preference.towardsReference()).scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    Parameter wrong = parameter("label_smoothing", 0.1, 1e-6, 0.5);
    Term<Group> chosen = x.logSigmoid();
    Term<Group> rejected = x.negated().logSigmoid();
    Detached<Group> chosenGoal = wrong.negated().log1p().per(GROUP);
    Detached<Group> rejectedGoal = wrong.log().per(GROUP);
    return minimise(
        probTimes(chosen, chosen.minus(chosenGoal))
            .plus(probTimes(rejected, rejected.minus(rejectedGoal)))
            .mean(GROUPS));
  }
}
