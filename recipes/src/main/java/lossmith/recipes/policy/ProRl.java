package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Clip-higher, a divergence to the reference, dynamic sampling.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_objective = -(1/(Σ_{i,t} 1[kept])) Σ_{i,t} 1[kept]·min(r·A, clip(r, 1 - clip_low, 1 +
 *       clip_high)·A)
 * L_kl = beta·(1/(Σ_{i,t} 1[kept])) Σ_{i,t} 1[kept]·KL
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where C ⇔ 8·ulp_i(reward) < max_i(reward) - min_i(reward)
 *   where A = 1[C]·(reward - (1/G) Σ_i reward) / std_i(reward)
 *   where kept ⇔ C
 *   where KL = exp(log π_ref(y_t) - log π(y_t)) - (log π_ref(y_t) - log π(y_t)) - 1
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_prob} (token), {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.4 in [0, 100], {@code
 *       beta} = 0.001 in [0, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2505.24864">ProRL: Prolonged Reinforcement Learning
 *       Expands Reasoning Boundaries in Large Language Models</a>, section 2
 *   <li>Differs: Resetting the reference is the trainer's.
 * </ul>
 */
public final class ProRl implements Recipe {
  @Override
  public Card card() {
    return Card.of("prorl")
        .claiming(Claims.k3("KL", "beta").append(new Claim.GroupNormalised("A")));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Condition<Token> kept = Advantages.informative(reward()).per(TOKEN).as("kept");
    Clip clip = Surrogate.trustRegion(0.2, 0.4);
    Term<Token> r = Surrogate.ratio(c);
    Loss policy = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS.where(kept)));
    Term<Token> k3 = Surrogate.k3(referenceLogProb(), c).as("KL");
    Loss kl =
        minimise(k3.mean(ALL_TOKENS.where(kept)))
            .scaledBy(parameter("beta", 1e-3, 0, 1e6))
            .as("kl");
    return Diagnostics.clipped(policy.plus(kl), r, a, clip)
        .log("reference_k3", k3.stopGradient().mean(ALL_TOKENS));
  }
}
