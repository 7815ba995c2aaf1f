package lossmith.recipes.policy;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** A smooth gate instead of a clip. */
public final class Sapo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "sapo",
            "A smooth gate instead of a clip",
            new Source(
                "Soft Adaptive Policy Optimization",
                "the gate σ(τ(r − 1))·4/τ",
                "https://arxiv.org/abs/2511.20347"))
        .claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Term<Token> gated = Surrogate.softGated(Surrogate.ratio(c), a);
    return Diagnostics.policy(maximise(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN.of(gated, c)));
  }
}
