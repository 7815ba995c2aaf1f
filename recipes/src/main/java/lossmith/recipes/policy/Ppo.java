package lossmith.recipes.policy;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
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

/** Proximal policy optimisation, clipped. */
public final class Ppo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "ppo",
            "Proximal policy optimisation, clipped",
            new Source(
                "Proximal Policy Optimization Algorithms",
                "eq 7",
                "https://arxiv.org/abs/1707.06347"))
        .claiming(Claims.normalised(Aggregation.TOKEN_MEAN).append(Claims.clipped()))
        .deviating("The advantage is the group-normalised reward: there is no value head.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    return Diagnostics.clipped(
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.TOKEN_MEAN)),
        r,
        a,
        clip);
  }
}
