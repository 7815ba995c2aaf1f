package lossmith.recipes.distil;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Reverse KL from the teacher cut to its k most probable entries, the others as good as impossible.
 * R_t = Σ_v π(v) (log π(v) − log P'(v)), in nats, a number per token: P' = P/Z over the k entries
 * that the teacher P finds most probable, Z = Σ P(v) over them, and log P' is −100 at all others.
 *
 * <p>That is KL(π ‖ P'), at least 0, from a teacher that has lost what it gives to the other
 * entries: 0 where the policy is P', not where it is the teacher, from which it is −log Z and up to
 * 100 (1 − Z) more away. Z is logged as {@code teacher_mass}.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} R
 *   where likely ⇔ rank_v(log π_ref(v)) < k
 *   where log P = log π_ref(v) - log(Σ_v 1[likely]·π_ref(v))
 *   where R = Σ_v π(v)·(log π(v) - {log P if likely; -100 otherwise})
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code k} = 3 in [1, 1000000]
 *   <li>Source: <a href="https://github.com/NVIDIA-NeMo/RL">NeMo-RL</a>, DistillationLossFn,
 *       kl_type reverse, zero_outside_topk
 * </ul>
 */
public final class DistilTopKReverse implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-top-k-reverse").claiming(Claims.nonNegative("R"));
  }

  @Override
  public Loss loss(Conventions c) {
    return DistilTopK.logged(
        minimise(c.aggregate(divergence(), Aggregation.TOKEN_MEAN)).as("divergence"));
  }

  /** {@return the divergence of each token} */
  static Term<Token> divergence() {
    Detached<Vocabulary> teacher = select(likely(), teacher(), constant(-100, VOCABULARY_ENTRY));
    return expected(logPi(), logPi().minus(teacher)).as("R");
  }

  /** {@return log P, the teacher's log-probabilities over the sum of its k largest} */
  static Detached<Vocabulary> teacher() {
    return referenceLogPi().minus(mass().log().per(VOCABULARY_ENTRY)).as("log P");
  }

  /** {@return Z, what the teacher gives to its k most probable entries together} */
  static Detached<Token> mass() {
    return referenceLogPi().exp().sum(VOCABULARY.where(likely()));
  }

  /** {@return yes at the k entries that the teacher finds most probable} */
  static Condition<Vocabulary> likely() {
    return referenceLogPi()
        .rank(VOCABULARY)
        .below(parameter("k", 3, 1, 1e6).per(VOCABULARY_ENTRY))
        .as("likely");
  }
}
