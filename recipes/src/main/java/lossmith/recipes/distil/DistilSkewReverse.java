package lossmith.recipes.distil;

import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

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

/** KL(π ‖ (1 − skew) · P + skew · π), P the teacher: bounded by −log skew. */
public final class DistilSkewReverse implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "distil-skew-reverse",
            "Distillation by the divergence of the policy from a mixture with the teacher",
            new Source(
                "DistiLLM: Towards Streamlined Distillation for Large Language Models",
                "section 3.1, the skew reverse divergence",
                "https://arxiv.org/abs/2402.03898"))
        .claiming(new Claim.Within("SKL", 0, -Math.log(1e-6)));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter skew = parameter("skew", 0.1, 1e-6, 1 - 1e-6);
    Term<Vocabulary> mixed = JensenShannon.mixed(skew.negated().shiftedBy(1), skew);
    Term<Token> kl = expected(logPi(), logPi().minus(mixed)).as("SKL");
    return Diagnostics.policy(minimise(c.aggregate(kl, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
