package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;

/**
 * A blend of logistic and exponential loss that a language model found. (1 − m)·(−log σ(x)) +
 * m·e^−x, with x = β · margin and m = σ(x/τ).
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g ((exp(-X) + log σ(X))·σ(X / tau) - log σ(X))
 *   where s = sign
 *   where X = beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000], {@code tau} = 0.05 in [0.001, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2406.08414">Discovering Preference Optimization
 *       Algorithms with and for Large Language Models</a>, eq 5
 * </ul>
 */
public final class DiscoPop implements PairLoss {
  @Override
  public Card card() {
    return Card.of("discopop");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Parameter tau = parameter("tau", 0.05, 1e-3, 1e3);
    Term<Group> x = score.margin(Preference.logRatioToReference()).scaledBy(beta);
    Term<Group> m = x.dividedBy(tau.per(GROUP)).sigmoid();
    Term<Group> logistic = x.logSigmoid().negated();
    Term<Group> exponential = x.negated().exp();
    return minimise(logistic.plus(exponential.minus(logistic).times(m)).mean(GROUPS));
  }
}
