package lossmith.recipes.critic;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Σ_v π(v) max(q(v) − Σ_u π(u) q(u), 0), the maximum detached; q comes in action_value. */
public final class Rmpg implements Recipe {
  @Override
  public Card card() {
    return Card.of(
        "rmpg",
        "Regret matching policy gradient",
        new Source(
            "Actor-Critic Policy Optimization in Partially Observable Multiagent Environments",
            "section 3; rlax rm_loss",
            "https://arxiv.org/abs/1810.09026"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Vocabulary> regret = max(ActionValues.advantage(), constant(0, VOCABULARY_ENTRY));
    Term<Token> gain = expected(logPi(), regret);
    return maximise(c.aggregate(gain, Aggregation.TOKEN_MEAN));
  }
}
