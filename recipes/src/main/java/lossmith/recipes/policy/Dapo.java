package lossmith.recipes.policy;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
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
import lossmith.recipes.surrogate.Surrogate;

/**
 * Decoupled clip, token mean, dynamic sampling, soft overlong punishment.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/(Σ_{i,t} 1[kept])) Σ_{i,t} 1[kept]·min(r·A, clip(r, 1 - clip_low, 1 +
 *       clip_high)·A)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where X = clip((max_length - overlong_cache - |y_i|) / overlong_cache, -1, 0)
 *   where R = reward + X
 *   where A = 1[8·(ulp_i(reward) + ulp_i(X)) < max_i(R) - min_i(R)]·(R - (1/G) Σ_i R) /
 *       std_i(R)
 *   where kept ⇔ 8·ulp_i(reward) < max_i(reward) - min_i(reward)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code max_length} = 20480 in [1, 1e9], {@code overlong_cache} = 4096 in [1,
 *       1e9], {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.28 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2503.14476">DAPO: An Open-Source LLM Reinforcement
 *       Learning System at Scale</a>, eqs 8 to 13
 *   <li>Differs: The token mean runs over all prompts of the batch, the paper's over each prompt.
 *   <li>Differs: Dynamic sampling leaves groups out; sampling more of them is the trainer's.
 * </ul>
 */
public final class Dapo implements Recipe {
  @Override
  public Card card() {
    return Card.of("dapo").claiming(Claims.policyGradient(x -> x.mean(ALL_TOKENS.where(kept()))));
  }

  /** Dynamic sampling: prompts whose rewards differ. */
  private static Condition<Token> kept() {
    return Advantages.informative(reward()).as("kept").per(TOKEN);
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Batch> most = parameter("max_length", 20480, 1, 1e9);
    Detached<Batch> cache = parameter("overlong_cache", 4096, 1, 1e9);
    Detached<Sequence> room = most.minus(cache).per(SEQUENCE).minus(length());
    Detached<Sequence> punishment = room.dividedBy(cache.per(SEQUENCE)).clip(Clip.between(-1, 0));
    Detached<Token> a = Advantages.groupNormalised(reward().plus(punishment).as("R"), c);
    Condition<Token> kept = kept();
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS.where(kept)));
    return Diagnostics.clipped(loss, r, a, clip).log("kept", kept.indicator().mean(ALL_TOKENS));
  }
}
