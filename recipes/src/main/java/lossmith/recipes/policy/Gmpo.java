package lossmith.recipes.policy;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
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

/**
 * The geometric mean of a response's clipped ratios.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} s·(1/|y_i|) Σ_t A
 *   where d = log π(y_t) - log π_old(y_t)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where s = exp((1/|y_i|) Σ_t min(d·sign(A), clip(d, -clip_low,
 *       clip_high)·sign(A))·sign(A))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 0.4 in [0, 100], {@code clip_high} = 0.4 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2507.20673">Geometric-Mean Policy Optimization</a>,
 *       token-level clip on the log scale
 * </ul>
 */
public final class Gmpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("gmpo").claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Batch> low = parameter("clip_low", 0.4, 0, 100);
    Detached<Batch> high = parameter("clip_high", 0.4, 0, 100);
    Term<Token> d = logProb().minus(oldLogProb()).as("d");
    Detached<Token> sign = a.sign();
    Term<Token> clipped = d.clip(Clip.between(low.negated(), high)).times(sign);
    Term<Token> x = min(d.times(sign), clipped).times(sign);
    Term<Sequence> ratio = Aggregation.tokenMean(x, c).exp().as("s");
    Term<Sequence> objective = ratio.times(Aggregation.tokenMean(a, c));
    return Diagnostics.policy(maximise(objective.mean(ALL_SEQUENCES)));
  }
}
