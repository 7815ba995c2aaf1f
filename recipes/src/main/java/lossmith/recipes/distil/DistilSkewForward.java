package lossmith.recipes.distil;

import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * Distillation by the divergence of the teacher from a mixture with the policy. KL(P ‖ skew · P +
 * (1 − skew) · π), P the teacher: bounded by −log skew.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/Σ|y|) Σ_{i,t} SKL
 *   where m = log(skew·π_ref(v) + (1 - skew)·π(v))
 *   where SKL = Σ_v π_ref(v)·(log π_ref(v) - m)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_pi} (vocabulary)
 *   <li>Parameters: {@code skew} = 0.1 in [1e-6, 0.999999]
 *   <li>Source: <a href="https://arxiv.org/abs/2402.03898">DistiLLM: Towards Streamlined
 *       Distillation for Large Language Models</a>, section 3.1, the skew divergence
 * </ul>
 */
public final class DistilSkewForward implements Recipe {
  @Override
  public Card card() {
    return Card.of("distil-skew-forward").claiming(new Claim.Within("SKL", 0, -Math.log(1e-6)));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter skew = parameter("skew", 0.1, 1e-6, 1 - 1e-6);
    Term<Vocabulary> mixed = JensenShannon.mixed(skew, skew.negated().shiftedBy(1));
    Term<Token> kl = expected(referenceLogPi(), referenceLogPi().minus(mixed)).as("SKL");
    return Diagnostics.policy(minimise(c.aggregate(kl, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
