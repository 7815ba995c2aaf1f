package lossmith.recipes.preference;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * Direct preference optimisation plus α log π of the response that the reference sampled, the one
 * with from_reference 1.
 */
public final class Xpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
        "xpo",
        "Exploratory preference optimisation",
        new Source(
            "Exploratory Preference Optimization: Harnessing Implicit Q*-Approximation for"
                + " Sample-Efficient RLHF",
            "algorithm 1; TRL XPOTrainer",
            "https://arxiv.org/abs/2405.21046"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Group> h = Preference.margin(Preference.towardsReference());
    Detached<Token> theirs = given("from_reference", SEQUENCE).per(TOKEN);
    Term<Group> optimism =
        logProb()
            .weightedBy(theirs)
            .sum(TOKENS)
            .sum(SEQUENCES)
            .scaledBy(parameter("alpha", 1e-5, 0, 1e3));
    return maximise(
        h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3)).logSigmoid().minus(optimism).mean(GROUPS));
  }
}
