package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** −log σ(x₊) − log σ(−x₋), with x = β · log ratio of a response. */
public final class BcoPair implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
            "bco-pair",
            "Binary classifier optimisation of pairs",
            new Source(
                "Binary Classifier Optimization for Large Language Model Alignment",
                "eq 8; TRL loss_type bco_pair",
                "https://arxiv.org/abs/2404.04656"))
        .claiming(new Claim.Sign("s"))
        .deviating("The shift of the rewards, δ, is 0, as in TRL.");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Group> chosen = score.chosen(Preference.towardsReference()).scaledBy(beta);
    Term<Group> rejected = score.rejected(Preference.towardsReference()).scaledBy(beta);
    return maximise(chosen.logSigmoid().plus(rejected.negated().logSigmoid()).mean(GROUPS));
  }
}
