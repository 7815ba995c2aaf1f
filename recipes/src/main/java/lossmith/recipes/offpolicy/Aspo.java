package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
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
 * Positive tokens by the inverse of their ratio. w·A, w = π/(π_old sg(r)²) with r at most 1 +
 * clip_high where A is positive, of value 1/r, and r at least 1 − clip_low elsewhere; where w is
 * above dual_clip, dual_clip · log π in its place.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} A·{dual_clip·log π(y_t) if soft; X / sg(X)^2 if A > 0; max(r, 1 -
 *       clip_low) otherwise}
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where X = min(r, 1 + clip_high)
 *   where soft ⇔ (A > 0 ∧ dual_clip·sg(X) < 1) ∨ (A ≤ 0 ∧ sg(max(r, 1 - clip_low)) >
 *       dual_clip)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_high} = 0.2 in [0, 100], {@code dual_clip} = 3 in [1, 1000000],
 *       {@code clip_low} = 0.2 in [0, 1]
 *   <li>Source: <a href="https://arxiv.org/abs/2510.06062">ASPO: Asymmetric Importance Sampling
 *       Policy Optimization</a>, the flipped ratio of positive tokens; Archer2.0
 *       core_algos.py:537-586
 *   <li>Differs: One pair of bounds for all tokens; Archer2.0 has another for tokens of high
 *       entropy.
 * </ul>
 */
public final class Aspo implements Recipe {
  @Override
  public Card card() {
    return Card.of("aspo")
        .claiming(Claims.normalised(Aggregation.TOKEN_MEAN).append(Claims.clipped()));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> bound = parameter("dual_clip", 3, 1, 1e6).per(TOKEN);
    Term<Token> up = r.clip(Clip.atMost(clip.high()));
    Detached<Token> detached = up.stopGradient();
    Term<Token> down = r.clip(Clip.atLeast(clip.low()));
    Condition<Token> good = a.positive();
    Condition<Token> rare = good.and(detached.times(bound).below(constant(1, TOKEN)));
    Condition<Token> grown = good.not().and(down.stopGradient().above(bound));
    Term<Token> weight = select(good, up.dividedBy(detached).dividedBy(detached), down);
    Term<Token> objective =
        select(rare.or(grown).as("soft"), logProb().weightedBy(bound), weight).times(a);
    return Diagnostics.clipped(
        maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip);
  }
}
