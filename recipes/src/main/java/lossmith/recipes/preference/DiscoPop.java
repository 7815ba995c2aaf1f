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
import lossmith.recipes.Source;

/** (1 − m)·(−log σ(x)) + m·e^−x, with x = β · margin and m = σ(x/τ). */
public final class DiscoPop implements PairLoss {
  @Override
  public Card card() {
    return Card.of(
        "discopop",
        "A blend of logistic and exponential loss that a language model found",
        new Source(
            "Discovering Preference Optimization Algorithms with and for Large Language Models",
            "eq 5",
            "https://arxiv.org/abs/2406.08414"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Parameter tau = parameter("tau", 0.05, 1e-3, 1e3);
    Term<Group> x = score.margin(Preference.towardsReference()).scaledBy(beta);
    Term<Group> m = x.dividedBy(tau.per(GROUP)).sigmoid();
    Term<Group> logistic = x.logSigmoid().negated();
    Term<Group> exponential = x.negated().exp();
    return minimise(logistic.plus(exponential.minus(logistic).times(m)).mean(GROUPS));
  }
}
