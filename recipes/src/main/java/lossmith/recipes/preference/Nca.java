package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** −log σ(x₊) − (log σ(−x₊) + log σ(−x₋)) / 2, with x = β · log ratio of a response. */
public final class Nca implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
        "nca",
        "Noise contrastive alignment of pairs",
        new Source(
            "Noise Contrastive Alignment of Language Models with Explicit Rewards",
            "the loss for pairs; TRL loss_type nca_pair",
            "https://arxiv.org/abs/2402.05369"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Group> chosen = score.chosen(Preference.towardsReference()).scaledBy(beta);
    Term<Group> rejected = score.rejected(Preference.towardsReference()).scaledBy(beta);
    Term<Group> noise = chosen.negated().logSigmoid().plus(rejected.negated().logSigmoid());
    return maximise(chosen.logSigmoid().plus(noise.scaledBy(0.5)).mean(GROUPS));
  }
}
