package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/**
 * Direct preference optimisation, each pair weighted by how probable its two responses are to be
 * sampled.
 */
public final class Wpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
            "wpo",
            "Weighted preference optimisation",
            new Source(
                "WPO: Enhancing RLHF with Weighted Preference Optimization",
                "eq 2, weights aligned by Σ_v π(v)²; TRL use_weighting",
                "https://arxiv.org/abs/2406.11827"))
        .claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.towardsReference());
    return maximise(
        h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
            .logSigmoid()
            .weightedBy(weight())
            .mean(GROUPS));
  }

  /**
   * {@return Π over both responses of a pair of how likely their tokens are, in the geometric mean
   * and beside Σ_v π(v)²}
   */
  public static Detached<Group> weight() {
    Term<Token> collision = logPi().scaledBy(2).exp().sum(VOCABULARY).log();
    Detached<Token> aligned = logProb().minus(collision).stopGradient();
    return aligned.mean(TOKENS).sum(SEQUENCES).exp().as("w");
  }
}
