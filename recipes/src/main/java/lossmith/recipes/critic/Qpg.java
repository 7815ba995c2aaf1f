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

/**
 * Policy gradient by the values of all actions. Σ_v π(v) (q(v) − Σ_u π(u) q(u)), the bracket
 * detached; q comes in action_value.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} Σ_v π(v)·(q - sg(Σ_v π(v)·q))
 *   where q = action_value
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code action_value} (vocabulary), {@code log_pi} (vocabulary, trained)
 *   <li>Source: <a href="https://arxiv.org/abs/1810.09026">Actor-Critic Policy Optimization in
 *       Partially Observable Multiagent Environments</a>, section 3; rlax qpg_loss
 * </ul>
 */
public final class Qpg implements Recipe {
  @Override
  public Card card() {
    return Card.of("qpg");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Token> gain = expected(logPi(), ActionValues.advantage());
    return maximise(c.aggregate(gain, Aggregation.TOKEN_MEAN));
  }
}
