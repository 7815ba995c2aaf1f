package lossmith.recipes.distil;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Teacher;

/**
 * A · log π with A = w (log P − log π_old), P the teacher: w = 1 + amplification · (1 − the share
 * of a response's |log P − log π_old| that lies before the token).
 */
public final class IwOpd implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "iw-opd",
            "On-policy distillation that counts less after a prefix far from the teacher",
            new Source(
                "On the Position Bias of On-Policy Distillation",
                "algorithm 1; TRL IWOPDTrainer",
                "https://arxiv.org/abs/2606.22600"))
        .claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN))
        .deviating(
            "log P − log π_old is held within ±20.", "A · log π, as TRL has it; the authors clip.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Teacher.early().as("A");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
