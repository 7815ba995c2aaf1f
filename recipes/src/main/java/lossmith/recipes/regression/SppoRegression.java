package lossmith.recipes.regression;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Self-play preference optimisation: log-ratios brought to the multiplicative weights update.
 * (log(π(y)/π_old(y)) − (η P − log Z))² of each response: P, the reward, is how likely it is
 * preferred to one of π_old, and Z(x) the mean of exp(η P) over the responses to the prompt.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/ΣG) Σ_{g,i} e^2
 *   where P = reward
 *   where v = eta·P
 *   where log Z = log((1/G) Σ_i exp(v - max_i(v))) + max_i(v)
 *   where e = v - log Z - Σ_t (log π(y_t) - log π_old(y_t))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code eta} = 1 in [0.001, 10000]
 *   <li>Source: <a href="https://arxiv.org/abs/2405.00675">Self-Play Preference Optimization for
 *       Language Model Alignment</a>, the objective of algorithm 1; verl-recipe, compute_sppo_loss
 * </ul>
 */
public final class SppoRegression implements Recipe {
  @Override
  public Card card() {
    return Card.of("sppo").claiming(new Claim.Sign("e"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> wanted =
        reward().as("P").times(parameter("eta", 1, 1e-3, 1e4).per(SEQUENCE)).as("v");
    Detached<Group> most = wanted.max(SEQUENCES);
    Detached<Group> logZ =
        wanted.minus(most.per(SEQUENCE)).exp().mean(SEQUENCES).log().plus(most).as("logZ");
    Term<Sequence> moved = logProb().minus(oldLogProb()).sum(TOKENS);
    Term<Sequence> missing = wanted.minus(logZ.per(SEQUENCE)).minus(moved).as("e");
    return minimise(missing.square().mean(ALL_SEQUENCES));
  }
}
