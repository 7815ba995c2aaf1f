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

/**
 * Regret matching policy gradient. RMPG maximises Σ_v π(v) max(q(v) − Σ_u π(u) q(u), 0), the regret
 * of not having taken v, in which the mean is detached; q comes in action_value.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} Σ_v π(v)·max(q - sg(Σ_v π(v)·q), 0)
 *   where q = action_value
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code action_value} (vocabulary), {@code log_pi} (vocabulary, trained)
 *   <li>Source: <a href="https://arxiv.org/abs/1810.09026">Actor-Critic Policy Optimization in
 *       Partially Observable Multiagent Environments</a>, section 3; rlax rm_loss
 * </ul>
 */
public final class Rmpg implements Recipe {
  @Override
  public Card card() {
    return Card.of("rmpg");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Vocabulary> regret = max(ActionValues.advantage(), constant(0, VOCABULARY_ENTRY));
    Term<Token> gain = expected(logPi(), regret);
    return maximise(c.aggregate(gain, Aggregation.TOKEN_MEAN));
  }
}
