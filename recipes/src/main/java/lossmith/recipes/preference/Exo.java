package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;

/**
 * The reverse divergence to smoothed preferences. KL((σ(βh), σ(−βh)) ‖ (1 − ε, ε)), at least 0.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g (σ(X)·(log σ(X) - log(1 - label_smoothing)) + σ(-X)·(log σ(-X) -
 *       log(label_smoothing)))
 *   where s = sign
 *   where X = beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000], {@code label_smoothing} = 0.1 in [1e-6,
 *       0.5]
 *   <li>Source: <a href="https://arxiv.org/abs/2402.00856">Towards Efficient Exact Optimization of
 *       Language Model Alignment</a>, eq 16; TRL loss_type exo_pair
 * </ul>
 */
public final class Exo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("exo");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> x =
        score.margin(Preference.logRatioToReference()).scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    Parameter wrong = parameter("label_smoothing", 0.1, 1e-6, 0.5);
    Term<Group> chosen = x.logSigmoid();
    Term<Group> rejected = x.negated().logSigmoid();
    Detached<Group> chosenGoal = wrong.negated().log1p().per(GROUP);
    Detached<Group> rejectedGoal = wrong.log().per(GROUP);
    return minimise(
        probTimes(chosen, chosen.minus(chosenGoal))
            .plus(probTimes(rejected, rejected.minus(rejectedGoal)))
            .mean(GROUPS));
  }
}
