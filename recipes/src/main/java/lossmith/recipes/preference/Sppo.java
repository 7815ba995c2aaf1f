package lossmith.recipes.preference;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;

/**
 * Self-play preference optimisation with certain preferences. (x₊ − 1/(2β))² + (x₋ + 1/(2β))², with
 * x the log ratio of a response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g ((0.5·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(s + 1) - 0.5 / beta)^2 +
 *       (0.5·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·(1 - s) + 0.5 / beta)^2)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [0.001, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2405.00675">Self-Play Preference Optimization for
 *       Language Model Alignment</a>, eq 4.7 with P = 1 and 0; TRL loss_type sppo_hard
 * </ul>
 */
public final class Sppo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("sppo-hard");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Parameter beta = parameter("beta", 0.1, 1e-3, 1e3);
    Detached<Group> half = constant(0.5, BATCH).dividedBy(beta).per(GROUP);
    Term<Group> chosen = score.chosen(Preference.logRatioToReference()).minus(half);
    Term<Group> rejected = score.rejected(Preference.logRatioToReference()).plus(half);
    return minimise(chosen.square().plus(rejected.square()).mean(GROUPS));
  }
}
