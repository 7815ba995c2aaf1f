package lossmith.recipes.distil;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
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
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * Distillation by both divergences, weighed by where policy and teacher are apart. (1 − w)·KL(P ‖
 * π) + w·KL(π ‖ P), P the teacher. The tail are the entries that P finds improbable: v where Σ P(u)
 * over all u with P(u) ≤ P(v) is at most tail_mass. w is the tail's share of Σ_v |π(v) − P(v)|,
 * without gradient; 1/2 where policy and teacher are the same.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} (F·(1 - w) + R·w)
 *   where F = Σ_v π_ref(v)·(log π_ref(v) - log π(v))
 *   where P = π_ref(v)
 *   where gap = |sg(π(v)) - P|
 *   where tail ⇔ cumulative_sum_v(P, log π_ref(v)) ≤ tail_mass
 *   where w = {(Σ_v 1[tail]·gap) / (Σ_v gap) if Σ_v gap > 0; 0.5 otherwise}
 *   where R = Σ_v π(v)·(log π(v) - log π_ref(v))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code tail_mass} = 0.5 in [0, 0.99]
 *   <li>Source: <a href="https://arxiv.org/abs/2404.02657">Rethinking Kullback-Leibler Divergence
 *       in Knowledge Distillation for Large Language Models</a>, adaptive KL, with μ = 1 −
 *       tail_mass; ROLL, compute_adaptive_kl_divergence
 *   <li>Differs: Equally probable entries are in the tail or out of it together, so that no order
 *       of the vocabulary decides.
 * </ul>
 */
public final class DistilAdaptiveKl implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-adaptive-kl")
        .claiming(new Claim.Within("w", 0, 1), Claims.averagesReverseKl("R"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Vocabulary> teacher = referenceLogPi().exp().as("P");
    Detached<Vocabulary> most = parameter("tail_mass", 0.5, 0, 0.99).per(VOCABULARY_ENTRY);
    Condition<Vocabulary> tail =
        teacher.cumulativeSum(referenceLogPi(), VOCABULARY).atMost(most).as("tail");
    Detached<Vocabulary> gap = logPi().stopGradient().exp().minus(teacher).abs().as("gap");
    Detached<Token> all = gap.sum(VOCABULARY);
    Detached<Token> share = gap.sum(VOCABULARY.where(tail)).dividedBy(all);
    Detached<Token> w = select(all.positive(), share, constant(0.5, TOKEN)).as("w");
    Term<Token> forward = expected(referenceLogPi(), referenceLogPi().minus(logPi())).as("F");
    Term<Token> reverse = expected(logPi(), logPi().minus(referenceLogPi())).as("R");
    Detached<Token> other = w.negated().shiftedBy(1);
    return Diagnostics.policy(
            minimise(
                    c.aggregate(
                        forward.times(other).plus(reverse.times(w)), Aggregation.TOKEN_MEAN))
                .as("divergence"))
        .log("tail_share", w.mean(ALL_TOKENS));
  }
}
