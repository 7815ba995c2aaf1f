package lossmith.recipes.regression;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;

/**
 * Target policy optimisation: the responses to a prompt as one distribution. The cross-entropy −Σ_i
 * q_i log p_i over the responses to a prompt: p their likelihoods under the policy, normalised, and
 * q ∝ p_old exp(u / η), u the normalised rewards.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g Σ_i q·log p
 *   where ℓ = Σ_t log π(y_t)
 *   where log p = ℓ - max_i(sg(ℓ)) - log(Σ_i exp(ℓ - max_i(sg(ℓ))))
 *   where u = 1[8·ulp_i(reward) < max_i(reward) - min_i(reward)]·(reward - (1/G) Σ_i reward)
 *       / std_i(reward)
 *   where v = Σ_t log π_old(y_t) + u / eta
 *   where q = exp(sg(v - max_i(v) - log(Σ_i exp(v - max_i(v)))))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code reward} (sequence)
 *   <li>Parameters: {@code eta} = 1 in [0.001, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2604.06159">Target Policy Optimization</a>, eqs 1 to
 *       3
 * </ul>
 */
public final class Tpo implements Recipe {
  @Override
  public Card card() {
    return Card.of("tpo").claiming(new Claim.GroupNormalised("u"), new Claim.Within("q", 0, 1));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> u = Advantages.normalised(reward(), c).as("u");
    Detached<Sequence> eta = parameter("eta", 1, 1e-3, 1e3).per(SEQUENCE);
    Detached<Sequence> tilted = oldLogProb().sum(TOKENS).plus(u.dividedBy(eta)).as("v");
    Detached<Sequence> q = logShare(tilted).stopGradient().exp().as("q");
    Term<Sequence> logP = logShare(logProb().sum(TOKENS).as("ℓ")).as("logp");
    return minimise(logP.weightedBy(q).sum(SEQUENCES).mean(GROUPS).negated());
  }

  /** x − log Σ exp(x) over the responses to a prompt. */
  private static Term<Sequence> logShare(Term<Sequence> x) {
    Detached<Group> most = x.stopGradient().max(SEQUENCES);
    Term<Sequence> shifted = x.minus(most.per(SEQUENCE));
    return shifted.minus(shifted.exp().sum(SEQUENCES).log().per(SEQUENCE));
  }
}
