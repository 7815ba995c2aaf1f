package lossmith.recipes.distil;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
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

/** forward_weight · KL(P ‖ π) + (1 − forward_weight) · KL(π ‖ P), P the teacher. */
public final class DistilMixed implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "distil-mixed-kl",
            "Distillation by both divergences, weighed",
            new Source(
                "NeMo-RL",
                "DistillationLossFn, kl_type mixed",
                "https://github.com/NVIDIA-NeMo/RL"))
        .claiming(new Claim.Averages("R", Claim.Divergence.REVERSE, Columns.LOG_PROB));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter weight = parameter("forward_weight", 0.5, 0, 1);
    Term<Token> forward = expected(referenceLogPi(), referenceLogPi().minus(logPi())).as("F");
    Term<Token> reverse = expected(logPi(), logPi().minus(referenceLogPi())).as("R");
    Detached<Token> other = weight.negated().shiftedBy(1).per(TOKEN);
    return Diagnostics.policy(
        minimise(
                c.aggregate(
                    forward.scaledBy(weight).plus(reverse.times(other)), Aggregation.TOKEN_MEAN))
            .as("divergence"));
  }
}
