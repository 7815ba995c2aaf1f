package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Maximum a posteriori policy optimisation. The cross-entropy to π_ref(v) exp(q(v) / η),
 * normalised, with η and the multiplier α of KL(π_ref ‖ π) trained beside the policy; q comes in
 * action_value.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = η·((1/Σ|y|) Σ_{i,t} log Z + epsilon_eta) - (1/Σ|y|) Σ_{i,t} Σ_v exp(w)·log π(v) +
 *       α·(epsilon_alpha - sg(KL)) + KL·sg(α)
 *   where q = action_value
 *   where η = max(dual_temperature, 1e-8)
 *   where u = q / η + log π_ref(v)
 *   where log Z = log(Σ_v exp(u - max_v(sg(u)))) + max_v(sg(u))
 *   where w = sg(u - log Z)
 *   where α = max(dual_multiplier, 1e-8)
 *   where KL = (1/Σ|y|) Σ_{i,t} Σ_v π_ref(v)·(log π_ref(v) - log π(v))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code action_value} (vocabulary), {@code dual_multiplier} (batch, trained), {@code
 *       dual_temperature} (batch, trained), {@code log_pi} (vocabulary, trained), {@code
 *       ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code epsilon_eta} = 0.1 in [1e-6, 100], {@code epsilon_alpha} = 0.01 in
 *       [1e-6, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/1806.06920">Maximum a Posteriori Policy
 *       Optimisation</a>, the E-step with its dual, the M-step under a KL bound; rlax mpo_loss
 *   <li>Differs: The expectation over actions is exact, over the vocabulary, where the source draws
 *       samples.
 *   <li>Differs: The multiplier bounds KL(π_ref ‖ π) to the given reference.
 * </ul>
 */
public final class Mpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("mpo");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Batch> eta = Lagrangian.temperature();
    Term<Vocabulary> improved =
        ActionValues.q()
            .dividedBy(eta.per(TOKEN).per(VOCABULARY_ENTRY))
            .plus(referenceLogPi())
            .as("u");
    Term<Token> total = ActionValues.logSumExp(improved).as("logZ");
    Detached<Vocabulary> logWeight =
        improved.minus(total.per(VOCABULARY_ENTRY)).stopGradient().as("w");
    Term<Token> fit = expected(logWeight, logPi().negated());
    return Lagrangian.training(
        minimise(
            c.aggregate(fit, Aggregation.TOKEN_MEAN)
                .plus(Lagrangian.dual(eta, c.aggregate(total, Aggregation.TOKEN_MEAN)))
                .plus(Lagrangian.trustRegion(c))));
  }
}
