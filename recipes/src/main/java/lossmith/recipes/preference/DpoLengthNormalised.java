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

/** The logistic loss of the difference of mean log-ratios. */
public final class DpoLengthNormalised implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
            "dpo-length-normalised",
            "Direct preference optimisation of means over tokens",
            new Source(
                "Tulu 3: Pushing Frontiers in Open Language Model Post-Training",
                "eq 6; TRL loss_type sigmoid_norm",
                "https://arxiv.org/abs/2411.15124"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.meanMargin(Preference.towardsReference());
    return maximise(h.scaledBy(parameter("beta", 5, 1e-6, 1e3)).logSigmoid().mean(GROUPS));
  }
}
