package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.advantage.GpgAdvantage;

/**
 * The plain policy gradient of the centred reward, rescaled for prompts that teach nothing. A·log
 * π, A = α (R − mean R), α all responses over those to prompts whose rewards are not all equal.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} A·log π(y_t)
 *   where C ⇔ 8·ulp_i(reward) < max_i(reward) - min_i(reward)
 *   where A = ΣG·1[C]·(reward - (1/G) Σ_i reward) / max(Σ_{g,i} 1[C], 1)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Source: <a href="https://arxiv.org/abs/2504.02546">GPG: A Simple and Strong Reinforcement
 *       Learning Baseline for Model Reasoning</a>, the objective with F_norm = 1 and α = B / (B −
 *       M)
 * </ul>
 */
public final class Gpg implements Recipe {
  @Override
  public Card card() {
    return Card.of("gpg")
        .claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN).append(new Claim.Centred("A")));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> centred = Advantages.centred(reward(), c);
    Detached<Token> a = GpgAdvantage.of(reward(), centred).per(TOKEN).as("A");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
