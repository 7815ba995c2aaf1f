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
import lossmith.recipes.Source;

/** KL(P ‖ skew · P + (1 − skew) · π), P the teacher: bounded by −log skew. */
public final class DistilSkewForward implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "distil-skew-forward",
            "Distillation by the divergence of the teacher from a mixture with the policy",
            new Source(
                "DistiLLM: Towards Streamlined Distillation for Large Language Models",
                "section 3.1, the skew divergence",
                "https://arxiv.org/abs/2402.03898"))
        .claiming(new Claim.Within("SKL", 0, -Math.log(1e-6)));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter skew = parameter("skew", 0.1, 1e-6, 1 - 1e-6);
    Term<Vocabulary> mixed = JensenShannon.mixed(skew, skew.negated().shiftedBy(1));
    Term<Token> kl = expected(referenceLogPi(), referenceLogPi().minus(mixed)).as("SKL");
    return Diagnostics.policy(minimise(c.aggregate(kl, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
