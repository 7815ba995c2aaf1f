package lossmith.recipes.distil;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * Distillation by both divergences, weighed. forward_weight · KL(P ‖ π) + (1 − forward_weight) ·
 * KL(π ‖ P), P the teacher.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} (forward_weight·F + (1 - forward_weight)·R)
 *   where F = Σ_v π_ref(v)·(log π_ref(v) - log π(v))
 *   where R = Σ_v π(v)·(log π(v) - log π_ref(v))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code forward_weight} = 0.5 in [0, 1]
 *   <li>Source: <a href="https://github.com/NVIDIA-NeMo/RL">NeMo-RL</a>, DistillationLossFn,
 *       kl_type mixed
 * </ul>
 */
public final class DistilMixed implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-mixed-kl").claiming(Claims.averagesReverseKl("R"));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter weight = parameter("forward_weight", 0.5, 0, 1);
    Term<Token> forward = expected(referenceLogPi(), referenceLogPi().minus(logPi())).as("F");
    Term<Token> reverse = expected(logPi(), logPi().minus(referenceLogPi())).as("R");
    Detached<Token> other = weight.negated().shiftedBy(1).per(TOKEN);
    return Diagnostics.policy(
        minimise(
                c.aggregate(
                    forward.scaledBy(weight).plus(reverse.times(other)), Aggregation.TOKEN_MEAN))
            .as("divergence"));
  }
}
