package lossmith.recipes.distil;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.scanBackward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Teacher;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Reverse divergence of whole responses, its next step exactly. KL(π ‖ P) of each token, P the
 * teacher, and the clipped surrogate of its longer end: A is the mean of log P − log π_old over the
 * tokens that follow.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_next = (1/Σ|y|) Σ_{i,t} KL
 * L_after = -(1/Σ|y|) Σ_{i,t} min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)
 *   where KL = Σ_v π(v)·(log π(v) - log π_ref(v))
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where d = clip(log π_ref(y_t) - log π_old(y_t), -20, 20)
 *   where S_t = d + S_{t+1}
 *   where n = |y_i| - t
 *   where A = next(S_t, 0) / max(n, 1)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary), {@code ref_log_prob} (token)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.2 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2306.08543">MiniLLM: Knowledge Distillation of Large
 *       Language Models</a>, eqs 3 to 5
 *   <li>Differs: log P − log π_old is clamped to ±20.
 *   <li>Differs: The next step is not weighted by the ratio, as TRL has it; responses of a mixture
 *       with the teacher, and the language modelling loss, are for the caller.
 * </ul>
 */
public final class MiniLlm implements Recipe {
  @Override
  public Card card() {
    return Card.of("minillm").claiming(Claims.averagesReverseKl("KL"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> one = constant(1, TOKEN);
    Detached<Token> left = scanBackward(one, one).minus(one).as("n");
    Detached<Token> a = next(Teacher.toGo(1), 0).dividedBy(max(left, one)).as("A");
    Term<Token> kl = expected(logPi(), logPi().minus(referenceLogPi())).as("KL");
    Term<Token> r = Surrogate.ratio(c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Loss next = minimise(c.aggregate(kl, Aggregation.TOKEN_MEAN)).as("next");
    Loss after =
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.TOKEN_MEAN)).as("after");
    return Diagnostics.clipped(next.plus(after), r, a, clip);
  }
}
