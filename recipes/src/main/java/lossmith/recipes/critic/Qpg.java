package lossmith.recipes.critic;

import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Σ_v π(v) (q(v) − Σ_u π(u) q(u)), the bracket detached; q comes in action_value. */
public final class Qpg implements Recipe {
  @Override
  public Card card() {
    return Card.of(
        "qpg",
        "Policy gradient by the values of all actions",
        new Source(
            "Actor-Critic Policy Optimization in Partially Observable Multiagent Environments",
            "section 3; rlax qpg_loss",
            "https://arxiv.org/abs/1810.09026"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Token> gain = expected(logPi(), ActionValues.advantage());
    return maximise(c.aggregate(gain, Aggregation.TOKEN_MEAN));
  }
}
