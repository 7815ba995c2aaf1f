package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Gae;

/**
 * On-policy maximum a posteriori policy optimisation. V-MPO weights log π by exp(A / η), normalised
 * over the better half of the tokens, and trains η and the multiplier α of KL(π_ref ‖ π) beside the
 * policy; the V is for the value function, which stands in the place of MPO's Q.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = η·(log Z + m + epsilon_eta) - (1/(Σ_{i,t} 1[better])) Σ_{i,t} 1[better]·ψ·log π(y_t) +
 *       α·(epsilon_alpha - sg(KL)) + KL·sg(α)
 *   where A_t = token_reward + next(value, 0) - value + 0.95·A_{t+1}
 *   where η = max(dual_temperature, 1e-8)
 *   where m = max_{i,t}(sg(A_t / η))
 *   where better ⇔ rank_{i,t}(A_t) < max(floor(top_share·Σ|y|), 1)
 *   where Z = (1/(Σ_{i,t} 1[better])) Σ_{i,t} 1[better]·exp(A_t / η - m)
 *   where ψ = sg(exp(A_t / η - m) / Z)
 *   where α = max(dual_multiplier, 1e-8)
 *   where KL = (1/Σ|y|) Σ_{i,t} Σ_v π_ref(v)·(log π_ref(v) - log π(v))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code dual_multiplier} (batch, trained), {@code dual_temperature} (batch, trained),
 *       {@code log_pi} (vocabulary, trained), {@code ref_log_pi} (vocabulary), {@code token_reward}
 *       (token), {@code value} (token)
 *   <li>Parameters: {@code top_share} = 0.5 in [0.01, 1], {@code epsilon_eta} = 0.1 in [1e-6, 100],
 *       {@code epsilon_alpha} = 0.01 in [1e-6, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/1909.12238">V-MPO: On-Policy Maximum a Posteriori
 *       Policy Optimization for Discrete and Continuous Control</a>, eqs 3 to 5; rlax vmpo_loss
 *   <li>Differs: The better half is exact where advantages are equal; the source takes all that are
 *       equal to the least of it.
 *   <li>Differs: The advantage is GAE with γ = 1 and λ = 0.95; every token acts, a cut counts as an
 *       end.
 * </ul>
 */
public final class VMpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("v-mpo");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a =
        Gae.of(given(Columns.TOKEN_REWARD, TOKEN), given(Columns.VALUE, TOKEN), 1, 0.95);
    Condition<Token> better =
        a.topFraction(parameter("top_share", 0.5, 0.01, 1), 1, ALL_TOKENS).as("better");
    Term<Batch> eta = Lagrangian.temperature();
    Term<Token> scaled = a.dividedBy(eta.per(TOKEN));
    Detached<Batch> most = scaled.stopGradient().max(ALL_TOKENS).as("m");
    Term<Token> weight = scaled.minus(most.per(TOKEN)).exp();
    Term<Batch> mean = weight.mean(ALL_TOKENS.where(better)).as("Z");
    Detached<Token> share = weight.dividedBy(mean.per(TOKEN)).stopGradient().as("ψ");
    return Lagrangian.training(
        minimise(
            logProb()
                .weightedBy(share)
                .mean(ALL_TOKENS.where(better))
                .negated()
                .plus(Lagrangian.dual(eta, mean.log().plus(most)))
                .plus(Lagrangian.trustRegion(c))));
  }
}
