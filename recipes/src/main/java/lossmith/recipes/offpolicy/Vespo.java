package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.Aggregation.TOKEN_MEAN;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;

/**
 * A smooth weight of the whole response, by its ratio. A gamma-shaped weight of the sequence ratio.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} φ·A·log π(y_t)
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where λ = {lambda_pos if A ≥ 0; lambda_neg otherwise}
 *   where k = {k_pos if A ≥ 0; k_neg otherwise}
 *   where log w = clip(Σ_t clip(sg(log π(y_t)) - log π_old(y_t), -20, 20), log(1e-8), 20)
 *   where φ = exp(λ + k·log w - λ·w)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code lambda_pos} = 3 in [1e-4, 100], {@code lambda_neg} = 2 in [1e-4, 100],
 *       {@code k_pos} = 2 in [0, 100], {@code k_neg} = 3 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2602.10693">VESPO: Variational Sequence-Level Soft
 *       Policy Optimization for Stable Off-Policy LLM Training</a>, the gamma weighting; TRL
 *       grpo_trainer.py get_gamma_weights
 *   <li>Differs: log w is clamped to [log 1e-8, 20], as TRL has it.
 * </ul>
 */
public final class Vespo implements Recipe {
  @Override
  public Card card() {
    return Card.of("vespo").claiming(Claims.normalised(TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> x =
        logProb()
            .stopGradient()
            .minus(oldLogProb())
            .clip(Clip.between(-20, 20))
            .sum(TOKENS)
            .clip(Clip.between(constant(1e-8, BATCH).log(), constant(20, BATCH)))
            .as("logw")
            .per(TOKEN);
    Detached<Token> k = bySign(a, "k", 2, 3, 0).as("k");
    Detached<Token> lambda = bySign(a, "lambda", 3, 2, 1e-4).as("λ");
    Detached<Token> phi = lambda.plus(k.times(x)).minus(lambda.times(x.exp())).exp().as("φ");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a).weightedBy(phi), TOKEN_MEAN)))
        .log("phi", phi.mean(ALL_TOKENS));
  }

  private static Detached<Token> bySign(
      Detached<Token> a, String name, double good, double bad, double least) {
    Parameter ofGood = parameter(name + "_pos", good, least, 100);
    Parameter ofBad = parameter(name + "_neg", bad, least, 100);
    return select(a.atLeast(constant(0, TOKEN)), ofGood.per(TOKEN), ofBad.per(TOKEN));
  }
}
