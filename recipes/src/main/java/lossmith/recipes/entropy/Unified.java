package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * Clip-higher, entropy bonus, forking tokens, KL-Cov and negative weighting together.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/(Σ_{i,t} 1[fork])) Σ_{i,t} 1[fork]·{X - kl_coef·|log π(y_t) - log π_old(y_t)| if
 *       top; X otherwise}
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where A' = {lambda·A if A > 0; A otherwise}
 *   where ψ = min(alpha·sg(H(π)), |A'| / kappa)
 *   where Â = A' + ψ
 *   where cov = (Â - (1/Σ|y|) Σ_{i,t} Â)·(sg(log π(y_t)) - (1/Σ|y|) Σ_{i,t} sg(log π(y_t)))
 *   where top ⇔ rank_{i,t}(cov) < max(floor(cov_share·Σ|y|), 1)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where X = min(r·Â, clip(r, 1 - clip_low, 1 + clip_high)·Â)
 *   where fork ⇔ sg(H(π)) ≥ quantile_{i,t}(sg(H(π)), 1 - rho)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code lambda} = 1 in [0, 1], {@code alpha} = 0.4 in [0, 100], {@code kappa} =
 *       2 in (1, 1000000], {@code cov_share} = 2e-4 in [0, 1], {@code clip_low} = 0.2 in [0, 1],
 *       {@code clip_high} = 0.28 in [0, 100], {@code kl_coef} = 1 in [0, 1000000], {@code rho} =
 *       0.2 in [0, 1]
 *   <li>Source: <a href="https://arxiv.org/abs/2505.22617">The Entropy Mechanism of Reinforcement
 *       Learning for Reasoning Language Models</a>, Entropy Collapse, section 6
 *   <li>Differs: The text only says that these combine; with rho 1, alpha 0, kl_coef 0 and lambda 1
 *       it is PPO with decoupled bounds.
 * </ul>
 */
public final class Unified implements Recipe {
  @Override
  public Card card() {
    return Card.of("unified").claiming(new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> normal = Advantages.groupNormalised(reward(), c);
    Detached<Token> base =
        select(normal.positive(), normal.scaledBy(parameter("lambda", 1, 0, 1)), normal).as("A'");
    Parameter alpha = parameter("alpha", 0.4, 0, 100);
    Parameter kappa = parameter("kappa", 2, Math.nextUp(1.0), 1e6);
    Detached<Token> psi =
        min(entropy().stopGradient().scaledBy(alpha), base.abs().dividedBy(kappa.per(TOKEN)))
            .as("ψ");
    Detached<Token> a = base.plus(psi).as("Â");
    Parameter rho = parameter("rho", 0.2, 0, 1);
    Detached<Token> h = entropy().stopGradient();
    Detached<Batch> bound = h.quantile(rho.negated().shiftedBy(1), ALL_TOKENS);
    Condition<Token> fork = h.atLeast(bound.per(TOKEN)).as("fork");
    Parameter fraction = parameter("cov_share", 2e-4, 0, 1);
    Condition<Token> top = Covariance.of(a).topFraction(fraction, 1, ALL_TOKENS).as("top");
    Term<Token> penalty = Surrogate.logRatio(c).abs().scaledBy(parameter("kl_coef", 1, 0, 1e6));
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Term<Token> surrogate = Surrogate.clipped(r, a, clip, c);
    Term<Token> objective = select(top, surrogate.minus(penalty), surrogate);
    return Diagnostics.clipped(maximise(objective.mean(ALL_TOKENS.where(fork))), r, a, clip);
  }
}
