package lossmith.recipes.offpolicy;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Supervised fine-tuning, each token weighted by its own probability. w · log π of each token, w =
 * π detached: the gradient of π itself.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} w·log π(y_t)
 *   where w = sg(π(y_t))
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained)
 *   <li>Source: <a href="https://arxiv.org/abs/2508.05629">On the Generalization of SFT: A
 *       Reinforcement Learning Perspective with Reward Rectification</a>, eq 9; TRL SFTTrainer,
 *       loss_type dft
 * </ul>
 */
public final class Dft implements Recipe {
  @Override
  public Card card() {
    return Card.of("dft")
        .claiming(Claims.weighted("w", Aggregation.TOKEN_MEAN).append(new Claim.Within("w", 0, 1)));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> w = logProb().stopGradient().exp().as("w");
    return maximise(c.aggregate(logProb().weightedBy(w), Aggregation.TOKEN_MEAN));
  }
}
