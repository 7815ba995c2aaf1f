package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.SequenceSurrogate;
import lossmith.recipes.surrogate.Surrogate;

/**
 * GSPO in which a response weighs as much as it has tokens.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g (1/G) Σ_i |y_i|·min(s·(1/|y_i|) Σ_t A, clip(s, 1 - clip_low, 1 +
 *       clip_high)·(1/|y_i|) Σ_t A)
 *   where s = exp((1/|y_i|) Σ_t (log π(y_t) - log π_old(y_t)))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 3e-4 in [0, 1], {@code clip_high} = 4e-4 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2602.05261">Length-Unbiased Sequence Policy
 *       Optimization</a>, the objective of LUSPO
 * </ul>
 */
public final class Luspo implements Recipe {
  @Override
  public Card card() {
    return Card.of("luspo")
        .claiming(Claims.normalised(x -> x.sum(TOKENS).mean(SEQUENCES).mean(GROUPS)));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(3e-4, 4e-4);
    Term<Sequence> s = SequenceSurrogate.ratio();
    Term<Sequence> objective =
        SequenceSurrogate.clipped(s, a.mean(TOKENS), clip).weightedBy(length());
    return Diagnostics.clipped(
        maximise(objective.mean(SEQUENCES).mean(GROUPS)), s.per(TOKEN), a, clip);
  }
}
