package lossmith.recipes.entropy;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;

/**
 * A penalty on moving the tokens of the highest covariance.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} {r·A - kl_coef·|log π(y_t) - log π_old(y_t)| if top; r·A otherwise}
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where cov = (A - (1/Σ|y|) Σ_{i,t} A)·(sg(log π(y_t)) - (1/Σ|y|) Σ_{i,t} sg(log π(y_t)))
 *   where top ⇔ rank_{i,t}(cov) < max(floor(cov_share·Σ|y|), 1)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code cov_share} = 2e-4 in [0, 1], {@code kl_coef} = 1 in [0, 1000000]
 *   <li>Source: <a href="https://arxiv.org/abs/2505.22617">The Entropy Mechanism of Reinforcement
 *       Learning for Reasoning Language Models</a>, KL-Cov; Entropy Collapse, section 5
 *   <li>Differs: The penalty is |log π − log π_old| as the authors' code has it, whose gradient is
 *       0 on policy.
 * </ul>
 */
public final class KlCov implements Recipe {
  @Override
  public Card card() {
    return Card.of("kl-cov")
        .claiming(new Claim.OnPolicy("A", x -> x.mean(ALL_TOKENS)), new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Parameter fraction = parameter("cov_share", 2e-4, 0, 1);
    Condition<Token> top = Covariance.of(a).topFraction(fraction, 1, ALL_TOKENS).as("top");
    Term<Token> penalty =
        logProb().minus(oldLogProb()).abs().scaledBy(parameter("kl_coef", 1, 0, 1e6));
    Term<Token> surrogate = ratio().times(a);
    Term<Token> objective = select(top, surrogate.minus(penalty), surrogate);
    return Diagnostics.policy(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)));
  }
}
