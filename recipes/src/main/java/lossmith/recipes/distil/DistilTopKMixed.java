package lossmith.recipes.distil;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Both KL divergences from the teacher cut to its k most probable entries, weighed. w·F_t + (1 −
 * w)·R_t, in nats, a number per token, w = forward_weight: F_t = Σ P'(v) (log P'(v) − log π(v))
 * over the k entries that the teacher P finds most probable, P' = P/Z, Z = Σ P(v) over them, and
 * R_t the reverse divergence of {@link DistilTopKReverse}.
 *
 * <p>Both are divergences, at least 0, but from P', a teacher that has lost what it gives to the
 * other entries: 0 where the policy is P', not where it is the teacher. Z is logged as {@code
 * teacher_mass}.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} (forward_weight·F + (1 - forward_weight)·R)
 *   where likely ⇔ rank_v(log π_ref(v)) < k
 *   where log P = log π_ref(v) - log(Σ_v 1[likely]·π_ref(v))
 *   where F = Σ_v 1[likely]·P·(log P - log π(v))
 *   where R = Σ_v π(v)·(log π(v) - {log P if likely; -100 otherwise})
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code k} = 3 in [1, 1000000], {@code forward_weight} = 0.5 in [0, 1]
 *   <li>Source: <a href="https://github.com/NVIDIA-NeMo/RL">NeMo-RL</a>, DistillationLossFn,
 *       kl_type mixed, zero_outside_topk
 * </ul>
 */
public final class DistilTopKMixed implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-top-k-mixed").claiming(Claims.nonNegative("F"), Claims.nonNegative("R"));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter weight = parameter("forward_weight", 0.5, 0, 1);
    Detached<Vocabulary> teacher = DistilTopKReverse.teacher();
    Term<Token> forward =
        probTimes(teacher, teacher.minus(logPi()))
            .sum(VOCABULARY.where(DistilTopKReverse.likely()))
            .as("F");
    Detached<Token> other = weight.negated().shiftedBy(1).per(TOKEN);
    Term<Token> both = forward.scaledBy(weight).plus(DistilTopKReverse.divergence().times(other));
    return DistilTopK.logged(minimise(c.aggregate(both, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
