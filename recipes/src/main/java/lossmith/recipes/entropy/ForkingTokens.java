package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * DAPO on the share ρ of tokens with the highest entropy.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/(Σ_{i,t} 1[fork])) Σ_{i,t} 1[fork]·min(r·A, clip(r, 1 - clip_low, 1 +
 *       clip_high)·A)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where fork ⇔ sg(H(π)) ≥ quantile_{i,t}(sg(H(π)), 1 - rho)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.28 in [0, 100], {@code
 *       rho} = 0.2 in [0, 1]
 *   <li>Source: <a href="https://arxiv.org/abs/2506.01939">Beyond the 80/20 Rule: High-Entropy
 *       Minority Tokens Drive Effective Reinforcement Learning for LLM Reasoning</a>, section 5
 *   <li>Differs: The mean is over forking tokens, as in the authors' code.
 *   <li>Differs: Dynamic sampling and the overlong punishment of DAPO are parts of their own.
 * </ul>
 */
public final class ForkingTokens implements Recipe {
  @Override
  public Card card() {
    return Card.of("forking-tokens")
        .claiming(Claims.normalised(x -> x.mean(ALL_TOKENS.where(fork()))));
  }

  /** The entropy that a share of rho of the tokens is not below. */
  private static Detached<Batch> bound() {
    Parameter rho = parameter("rho", 0.2, 0, 1);
    return entropy().stopGradient().quantile(rho.negated().shiftedBy(1), ALL_TOKENS);
  }

  private static Condition<Token> fork() {
    return entropy().stopGradient().atLeast(bound().per(TOKEN)).as("fork");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Batch> bound = bound();
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS.where(fork())));
    return Diagnostics.clipped(loss, r, a, clip).log("fork_entropy", bound);
  }
}
