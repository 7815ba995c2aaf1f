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
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * w·F_t + (1 − w)·R_t, in nats, a number per token, w = forward_weight: F_t = Σ P'(v) (log P'(v) −
 * log π(v)) over the k entries that the teacher P finds most probable, P' = P/Z, Z = Σ P(v) over
 * them, and R_t the reverse divergence of {@link DistilTopKReverse}.
 *
 * <p>Both are divergences, at least 0, but from P', a teacher that has lost what it gives to the
 * other entries: 0 where the policy is P', not where it is the teacher. Z is logged as {@code
 * teacher_mass}.
 */
public final class DistilTopKMixed implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "distil-top-k-mixed",
            "Both KL divergences from the teacher cut to its k most probable entries, weighed",
            new Source(
                "NeMo-RL",
                "DistillationLossFn, kl_type mixed, zero_outside_topk",
                "https://github.com/NVIDIA-NeMo/RL"))
        .claiming(
            new Claim.Within("F", 0, Double.POSITIVE_INFINITY),
            new Claim.Within("R", 0, Double.POSITIVE_INFINITY));
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
