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

/**
 * Regret policy gradient. Σ_v max(q(v) − Σ_u π(u) q(u), 0), with the gradient through π; q comes in
 * action_value.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} Σ_v max(q - Σ_v π(v)·q, 0)
 *   where q = action_value
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code action_value} (vocabulary), {@code log_pi} (vocabulary, trained)
 *   <li>Source: <a href="https://arxiv.org/abs/1810.09026">Actor-Critic Policy Optimization in
 *       Partially Observable Multiagent Environments</a>, section 3; rlax rpg_loss
 * </ul>
 */
public final class Rpg implements Recipe {
  @Override
  public Card card() {
    return Card.of("rpg");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Vocabulary> regret = ActionValues.q().minus(ActionValues.expected().per(VOCABULARY_ENTRY));
    Term<Token> total = max(regret, constant(0, VOCABULARY_ENTRY)).sum(VOCABULARY);
    return minimise(c.aggregate(total, Aggregation.TOKEN_MEAN));
  }
}
