package lossmith.recipes.reward;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.preference.Preference;

/**
 * A process reward model without labels of steps, from outcomes. R log σ(q) + (1 − R) log σ(−q) of
 * each response, q = β Σ_t log(π / π_ref) the implicit reward of the model that is trained, R its
 * outcome, 0 or 1.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} (R·log σ(q) + (1 - R)·log σ(-q))
 *   where q = beta·Σ_t (log π(y_t) - log π_ref(y_t))
 *   where R = reward
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code reward}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.05 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2412.01981">Free Process Rewards without Process
 *       Labels</a>, eq 5, cross-entropy; PRIME, algorithm 1
 * </ul>
 */
public final class ImplicitPrm implements Recipe {
  @Override
  public Card card() {
    return Card.of("implicit-prm");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> q =
        Preference.logRatioToReference()
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.05, 1e-6, 1e3))
            .as("q");
    Detached<Sequence> right = reward().as("R");
    Detached<Sequence> wrong = right.negated().shiftedBy(1);
    Term<Sequence> likelihood =
        q.logSigmoid().times(right).plus(q.negated().logSigmoid().times(wrong));
    return maximise(likelihood.mean(ALL_SEQUENCES));
  }
}
