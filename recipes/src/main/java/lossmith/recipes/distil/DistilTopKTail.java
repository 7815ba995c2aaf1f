package lossmith.recipes.distil;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Forward KL over the teacher's k most probable entries and one bucket with the rest. D_t = Σ_{v ∈
 * K} P(v) (log P(v) − log π(v)) + P_rest (log P_rest − log π_rest), in nats, a number per token: K
 * are the k entries that the teacher P finds most probable, P_rest and π_rest what teacher and
 * policy give to all others together.
 *
 * <p>That is KL(P ‖ π) of k + 1 events, so at least 0, 0 where the policy agrees with the teacher
 * on each of them, and at most KL(P ‖ π) over the whole vocabulary, which it is for k at least its
 * size. Without the last summand, {@link DistilTopK}, it is no divergence.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} D
 *   where likely ⇔ rank_v(log π_ref(v)) < k
 *   where more ⇔ Σ_v 1[¬likely] > 0
 *   where X = max(max_{v: ¬likely}(sg(log π(v))), -1e30)
 *   where D = Σ_v 1[likely]·π_ref(v)·(log π_ref(v) - log π(v)) + 1[more]·(log(Σ_v
 *       1[¬likely]·π_ref(v)) - (log(Σ_v 1[¬likely]·exp(log π(v) - X)) + X))·Σ_v
 *       1[¬likely]·π_ref(v)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code k} = 3 in [1, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2601.20802">Reinforcement Learning via
 *       Self-Distillation</a>, top-K distillation with a tail bucket; TRL, distillation_add_tail
 *   <li>Differs: The k entries are the teacher's, and the divergence is the forward one, not
 *       Jensen-Shannon.
 * </ul>
 */
public final class DistilTopKTail implements Recipe {
  /** Below every log-probability: what all other entries have at most where none can be sampled. */
  private static final double NOTHING = -1e30;

  @Override
  public Card card() {
    return Card.of("distil-top-k-tail").claiming(Claims.nonNegative("D"));
  }

  @Override
  public Loss loss(Conventions c) {
    Condition<Vocabulary> others = DistilTopKReverse.likely().not();
    Over<Vocabulary, Token> rest = VOCABULARY.where(others);
    Condition<Token> more = others.indicator().sum(VOCABULARY).positive().as("more");
    Detached<Token> teachers = referenceLogPi().exp().sum(rest).log();
    Term<Token> bucket = probTimes(teachers, teachers.minus(logOfRest(rest)));
    Term<Token> divergence =
        DistilTopK.truncated().plus(select(more, bucket, Surrogate.zero())).as("D");
    return DistilTopK.logged(
        minimise(c.aggregate(divergence, Aggregation.TOKEN_MEAN)).as("divergence"));
  }

  /** log Σ π(v), the largest summand taken out, so that a small rest is not rounded to 0. */
  private static Term<Token> logOfRest(Over<Vocabulary, Token> rest) {
    Detached<Token> most =
        logPi().stopGradient().max(rest).clip(Clip.atLeast(constant(NOTHING, BATCH)));
    Term<Vocabulary> scaled = logPi().minus(most.per(VOCABULARY_ENTRY));
    return scaled.exp().sum(rest).log().plus(most);
  }
}
