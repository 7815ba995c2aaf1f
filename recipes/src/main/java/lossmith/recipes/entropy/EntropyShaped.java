package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * PPO with an advantage bonus for high entropy.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} min(r·Â, clip(r, 1 - clip_low, 1 + clip_high)·Â)
 *   where r = exp(log π(y_t) - log π_old(y_t))
 *   where A = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where ψ = min(alpha·sg(H(π)), |A| / kappa)
 *   where Â = A + ψ
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code alpha} = 0.4 in [0, 100], {@code kappa} = 2 in (1, 1000000], {@code
 *       clip_low} = 0.2 in [0, 1], {@code clip_high} = 0.28 in [0, 100]
 *   <li>Source: <a href="https://arxiv.org/abs/2506.14758">Reasoning with Exploration: An Entropy
 *       Perspective</a>, Entropy Collapse, eqs 8 and 9
 * </ul>
 */
public final class EntropyShaped implements Recipe {
  @Override
  public Card card() {
    return Card.of("entropy-shaped").claiming(Claims.shaped("Â", Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> base = Advantages.groupNormalised(reward(), c);
    Parameter alpha = parameter("alpha", 0.4, 0, 100);
    Parameter kappa = parameter("kappa", 2, Math.nextUp(1.0), 1e6);
    Detached<Token> psi =
        min(entropy().stopGradient().scaledBy(alpha), base.abs().dividedBy(kappa.per(TOKEN)))
            .as("ψ");
    Detached<Token> a = base.plus(psi).as("Â");
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss =
        Diagnostics.clipped(
            maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.TOKEN_MEAN)),
            r,
            a,
            clip);
    return loss.log("bonus", psi.mean(ALL_TOKENS));
  }
}
