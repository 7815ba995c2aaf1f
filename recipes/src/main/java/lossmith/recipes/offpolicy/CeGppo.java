package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
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
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Clipped tokens keep a bounded gradient. Gradient-preserving clipping that coordinates entropy.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} A·{beta_high·(1 + clip_high)·r / sg(r) if above; beta_low·(1 -
 *       clip_low)·r / sg(r) if below; r otherwise}
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where above ⇔ sg(r) > 1 + clip_high ∧ A > 0
 *   where below ⇔ sg(r) < 1 - clip_low ∧ A < 0
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_high} = 0.2 in [0, 100], {@code beta_high} = 1 in [0, 100], {@code
 *       clip_low} = 0.2 in [0, 1], {@code beta_low} = 0.25 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2509.20712">CE-GPPO: Gradient-Preserving Clipping
 *       Policy Optimization</a>, the objective; its core_algos.py:531-604
 * </ul>
 */
public final class CeGppo implements Recipe {
  @Override
  public Card card() {
    return Card.of("ce-gppo").claiming(Claims.normalised(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Detached<Token> low = clip.low().per(TOKEN);
    Detached<Token> high = clip.high().per(TOKEN);
    Term<Token> r = Surrogate.ratio(c);
    Term<Token> one = r.dividedBy(r.stopGradient());
    Condition<Token> above = r.stopGradient().above(high).and(a.positive()).as("above");
    Condition<Token> below = r.stopGradient().below(low).and(a.negative()).as("below");
    Term<Token> kept =
        select(
            above,
            one.weightedBy(high).scaledBy(parameter("beta_high", 1, 0, 100)),
            select(below, one.weightedBy(low).scaledBy(parameter("beta_low", 0.25, 0, 100)), r));
    return Diagnostics.clipped(
        maximise(c.aggregate(kept.times(a), Aggregation.TOKEN_MEAN)), r, a, clip);
  }
}
