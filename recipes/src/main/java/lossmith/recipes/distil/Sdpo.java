package lossmith.recipes.distil;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Self-distillation: the policy that has read the feedback teaches the policy that has not. The
 * Jensen-Shannon divergence of teacher and policy over the k entries that the policy finds most
 * probable and one bucket with the rest, weighted by the detached ratio; P, the policy given the
 * feedback, comes as ref_log_pi.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/ΣG) Σ_{g,i} (1/|y_i|) Σ_t JSD·w
 *   where m = log(alpha·π_ref(v) + (1 - alpha)·π(v))
 *   where likely ⇔ rank_v(sg(log π(v))) < k
 *   where D = alpha·Σ_v 1[likely]·π_ref(v)·(log π_ref(v) - m) + (1 - alpha)·Σ_v
 *       1[likely]·π(v)·(log π(v) - m)
 *   where more ⇔ Σ_v 1[¬likely] > 0
 *   where p = max(Σ_v 1[¬likely]·π_ref(v), 1e-7)
 *   where q = max(Σ_v 1[¬likely]·π(v), 1e-7)
 *   where M = log(alpha·p + (1 - alpha)·q)
 *   where JSD = D + 1[more]·(alpha·(log p - M)·p + (1 - alpha)·(log q - M)·q)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where w = min(sg(r), ratio_max)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code alpha} = 0.5 in [1e-6, 0.999999], {@code k} = 100 in [1, 1000000],
 *       {@code ratio_max} = 2 in [1, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2601.20802">Reinforcement Learning via
 *       Self-Distillation</a>, SDPO with top-K logits; TRL SDPOTrainer, topk_logits with
 *       distillation_add_tail
 * </ul>
 */
public final class Sdpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("sdpo").claiming(new Claim.Within("JSD", 0, Math.log(2)));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter alpha = parameter("alpha", 0.5, 1e-6, 1 - 1e-6);
    Condition<Vocabulary> likely =
        logPi()
            .stopGradient()
            .rank(VOCABULARY)
            .below(parameter("k", 100, 1, 1e6).per(VOCABULARY_ENTRY))
            .as("likely");
    Term<Token> best = JensenShannon.of(alpha, VOCABULARY.where(likely)).as("D");
    Term<Token> rest = JensenShannon.tail(logPi(), likely).as("q");
    Detached<Token> teachers = JensenShannon.tail(referenceLogPi(), likely).stopGradient().as("p");
    Condition<Token> more = likely.not().indicator().sum(VOCABULARY).positive().as("more");
    Term<Token> bucket = JensenShannon.ofBucket(alpha, teachers, rest);
    Term<Token> divergence = best.plus(select(more, bucket, Surrogate.zero())).as("JSD");
    Detached<Token> w =
        Surrogate.ratio(c).stopGradient().clip(Clip.atMost(parameter("ratio_max", 2, 1, 1e6)));
    return Diagnostics.policy(
        minimise(divergence.weightedBy(w.as("w")).mean(TOKENS).mean(ALL_SEQUENCES))
            .as("divergence"));
  }
}
