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

/**
 * Exploratory preference optimisation. Direct preference optimisation plus α log π of the response
 * that the reference sampled, the one with from_reference 1.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g (log σ(beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s) - alpha·Σ_i Σ_t
 *       from_reference·log π(y_t))
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code from_reference} (sequence), {@code log_pi} (vocabulary, trained), {@code
 *       ref_log_prob} (token), {@code sign} (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000], {@code alpha} = 1e-5 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2405.21046">Exploratory Preference Optimization:
 *       Harnessing Implicit Q*-Approximation for Sample-Efficient RLHF</a>, algorithm 1; TRL
 *       XPOTrainer
 * </ul>
 */
public final class Xpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("xpo");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Group> h = Preference.margin(Preference.logRatioToReference());
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
