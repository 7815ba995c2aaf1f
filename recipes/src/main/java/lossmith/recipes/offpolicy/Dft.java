package lossmith.recipes.offpolicy;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** w · log π of each token, w = π held: the gradient of π itself. */
public final class Dft implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "dft",
            "Supervised fine-tuning, each token weighted by its own probability",
            new Source(
                "On the Generalization of SFT: A Reinforcement Learning Perspective with Reward"
                    + " Rectification",
                "eq 9; TRL SFTTrainer, loss_type dft",
                "https://arxiv.org/abs/2508.05629"))
        .claiming(
            new Claim.OnPolicy("w", x -> x.mean(ALL_TOKENS)),
            new Claim.Homogeneous("w"),
            new Claim.Sign("w"),
            new Claim.Within("w", 0, 1));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> w = logProb().stopGradient().exp().as("w");
    return maximise(c.aggregate(logProb().weightedBy(w), Aggregation.TOKEN_MEAN));
  }
}
