package lossmith.recipes.distil;

import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

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
import lossmith.recipes.Source;

/** A mixture of policy and teacher between both divergences. */
public final class DistilJsd implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "distil-jsd",
            "Distillation by the generalised Jensen-Shannon divergence",
            new Source(
                "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
                "eq 2, generalised JSD",
                "https://arxiv.org/abs/2306.13649"))
        .claiming(new Claim.Within("JSD", 0, Math.log(2)));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter beta = parameter("beta", 0.5, 1e-6, 1 - 1e-6);
    Term<Token> jsd = JensenShannon.of(beta, VOCABULARY).as("JSD");
    return Diagnostics.policy(minimise(c.aggregate(jsd, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
