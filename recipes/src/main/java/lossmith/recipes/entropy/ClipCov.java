package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.uniform;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Random high-covariance tokens lose their gradient.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} 1[¬dropped]·min(r·A, clip(r, 1 - clip_low, 1 + clip_high)·A)
 *   where u = uniform(seed, step)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where cov = (A - (1/Σ|y|) Σ_{i,t} A)·(sg(log π(y_t)) - (1/Σ|y|) Σ_{i,t} sg(log π(y_t)))
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where clipped ⇔ sg(clip(r, 1 - clip_low, 1 + clip_high)·A) < sg(r·A)
 *   where candidate ⇔ cov_low < cov < cov_high ∧ ¬clipped
 *   where k = max(floor(cov_share·Σ|y|), 1)
 *   where dropped ⇔ rank_{i,t: candidate}(u) < k ∧ candidate
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code seed} = 0 in [0, 1e9], {@code step} = 0 in [0, 1e9], {@code cov_low} = 1
 *       in [-1000000, 1000000], {@code cov_high} = 5 in [-1000000, 1000000], {@code clip_low} = 0.2
 *       in [0, 1], {@code clip_high} = 0.2 in [0, 100], {@code cov_share} = 2e-4 in [0, 1]
 *   <li>Source: <a href="https://arxiv.org/abs/2505.22617">The Entropy Mechanism of Reinforcement
 *       Learning for Reasoning Language Models</a>, Clip-Cov; Entropy Collapse, section 5
 *   <li>Differs: The random choice is by keyed hash, so that splitting a batch changes nothing.
 * </ul>
 */
public final class ClipCov implements Recipe {
  @Override
  public Card card() {
    return Card.of("clip-cov").claiming(new Claim.Sign("A"), new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = ratio();
    Detached<Token> cov = Covariance.of(a);
    Detached<Batch> low = parameter("cov_low", 1, -1e6, 1e6);
    Detached<Batch> high = parameter("cov_high", 5, -1e6, 1e6);
    Condition<Token> clipped =
        r.clip(clip).times(a).stopGradient().below(r.times(a).stopGradient()).as("clipped");
    Condition<Token> candidates =
        cov.above(low.per(TOKEN))
            .and(cov.below(high.per(TOKEN)))
            .and(clipped.not())
            .as("candidate");
    Detached<Batch> share = parameter("cov_share", 2e-4, 0, 1);
    Detached<Batch> k = max(count(ALL_TOKENS).times(share).floor(), constant(1, BATCH)).as("k");
    Detached<Token> draw =
        uniform(parameter("seed", 0, 0, 1e9), parameter("step", 0, 0, 1e9)).as("u");
    Condition<Token> dropped = draw.top(k, ALL_TOKENS.where(candidates)).as("dropped");
    Term<Token> objective = select(dropped, Surrogate.zero(), Surrogate.clipped(r, a, clip));
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("dropped", dropped.indicator().mean(ALL_TOKENS));
  }
}
