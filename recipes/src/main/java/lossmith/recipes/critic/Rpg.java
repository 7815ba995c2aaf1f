package lossmith.recipes.critic;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.minimise;

import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Σ_v max(q(v) − Σ_u π(u) q(u), 0), with the gradient through π; q comes in action_value. */
public final class Rpg implements Recipe {
  @Override
  public Card card() {
    return Card.of(
        "rpg",
        "Regret policy gradient",
        new Source(
            "Actor-Critic Policy Optimization in Partially Observable Multiagent Environments",
            "section 3; rlax rpg_loss",
            "https://arxiv.org/abs/1810.09026"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Vocabulary> regret = ActionValues.q().minus(ActionValues.expected().per(VOCABULARY_ENTRY));
    Term<Token> total = max(regret, constant(0, VOCABULARY_ENTRY)).sum(VOCABULARY);
    return minimise(c.aggregate(total, Aggregation.TOKEN_MEAN));
  }
}
