package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Preferences without a reference, by mean log-probability. A margin of mean log-probabilities over
 * a target.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g log σ(beta·Σ_i (1/|y_i|) Σ_t s·log π(y_t) - gamma)
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code sign} (sequence)
 *   <li>Parameters: {@code beta} = 2 in [1e-6, 1000], {@code gamma} = 1 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2405.14734">SimPO: Simple Preference Optimization
 *       with a Reference-Free Reward</a>, eq 6
 * </ul>
 */
public final class SimPo implements Recipe {
  @Override
  public Card card() {
    return Card.of("simpo").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Group> h = Preference.meanMargin(logProb());
    Term<Group> x =
        h.scaledBy(parameter("beta", 2, 1e-6, 1e3)).minus(parameter("gamma", 1, 0, 1e3).per(GROUP));
    return maximise(x.logSigmoid().mean(GROUPS));
  }
}
