package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.sign;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Preference optimisation with a bent reward, no reference. log σ(β (f(x_w) − f(x_l)) − γ) with
 * f(x) = (1 − exp(−α x)) / α, x the mean log-probability of a response.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g log σ(beta·Σ_i f·s - gamma)
 *   where x = (1/|y_i|) Σ_t log π(y_t)
 *   where f = (1 - exp(-alpha·x)) / alpha
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code sign} (sequence)
 *   <li>Parameters: {@code alpha} = 0.25 in [0.01, 10], {@code beta} = 2.5 in [1e-6, 1000], {@code
 *       gamma} = 0.5 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2501.03884">AlphaPO: Reward Shape Matters for LLM
 *       Alignment</a>, the AlphaPO loss; TRL CPOTrainer, alpha
 * </ul>
 */
public final class AlphaPo implements Recipe {
  @Override
  public Card card() {
    return Card.of("alphapo").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> alpha = parameter("alpha", 0.25, 0.01, 10).per(SEQUENCE);
    Term<Sequence> x = logProb().mean(TOKENS).as("x");
    Term<Sequence> f =
        constant(1, SEQUENCE).minus(x.weightedBy(alpha).negated().exp()).dividedBy(alpha).as("f");
    Term<Group> apart = f.weightedBy(sign().as("s")).sum(SEQUENCES);
    Detached<Group> margin = parameter("gamma", 0.5, 0, 1e3).per(GROUP);
    return maximise(
        apart.scaledBy(parameter("beta", 2.5, 1e-6, 1e3)).minus(margin).logSigmoid().mean(GROUPS));
  }
}
