package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * One ratio per response, its gradient spread over tokens.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} (1/|y_i|) Σ_t min(s·A, clip(s, 1 - clip_low, 1 + clip_high)·A)
 *   where s = exp(log π(y_t) - sg(log π(y_t)) + sg((1/|y_i|) Σ_t (log π(y_t) - log
 *       π_old(y_t))))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 3e-4 in [0, 1], {@code clip_high} = 4e-4 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2507.18071">Group Sequence Policy Optimization</a>,
 *       GSPO-token
 * </ul>
 */
public final class Gspo implements Recipe {
  @Override
  public Card card() {
    return Card.of("gspo").claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(3e-4, 4e-4);
    Term<Token> lp = logProb();
    Detached<Token> mean = lp.minus(oldLogProb()).mean(TOKENS).stopGradient().per(TOKEN);
    Term<Token> log = lp.minus(lp.stopGradient()).plus(mean);
    Term<Token> s =
        c.responseLogRatioCap()
            .map(most -> log.clip(Surrogate.atMost(most)))
            .getOrElse(log)
            .exp()
            .as("s");
    Term<Batch> objective =
        Aggregation.SEQUENCE_MEAN_TOKEN_MEAN.of(min(s.times(a), s.clip(clip).times(a)), c);
    return Diagnostics.clipped(maximise(objective), s, a, clip);
  }
}
