package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** (−(1 − ε) log σ(βh) + ε log σ(−βh)) / (1 − 2ε): over flips at rate ε its mean is that of DPO. */
public final class RobustDpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
            "robust-dpo",
            "DPO unbiased under preferences flipped at a known rate",
            new Source(
                "Provably Robust Direct Preference Optimization: Aligning Language Models with"
                    + " Noisy Feedback",
                "the robust loss; TRL loss_type robust",
                "https://arxiv.org/abs/2403.00409"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> x =
        score.margin(Preference.towardsReference()).scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    Parameter wrong = parameter("label_smoothing", 0.1, 0, 0.45);
    Term<Group> right = x.logSigmoid().times(wrong.negated().shiftedBy(1).per(GROUP));
    Term<Group> flipped = x.negated().logSigmoid().scaledBy(wrong);
    Detached<Group> share = wrong.scaledBy(-2).shiftedBy(1).per(GROUP);
    return minimise(flipped.minus(right).dividedBy(share).mean(GROUPS));
  }
}
