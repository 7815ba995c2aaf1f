package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
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

/** One ratio per response, its gradient spread over tokens. */
public final class Gspo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "gspo",
            "One ratio per response, its gradient spread over tokens",
            new Source(
                "Group Sequence Policy Optimization",
                "GSPO-token",
                "https://arxiv.org/abs/2507.18071"))
        .claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(3e-4, 4e-4);
    Term<Token> lp = logProb();
    Detached<Token> mean = lp.minus(oldLogProb()).mean(TOKENS).stopGradient().per(TOKEN);
    Term<Token> log = lp.minus(lp.stopGradient()).plus(mean);
    Term<Token> s =
        c.responseLogRatioCap()
            .map(most -> log.clip(Surrogate.atMost(most)))
            .getOrElse(log)
            .exp()
            .as("s");
    Term<Batch> objective =
        Aggregation.SEQUENCE_MEAN_TOKEN_MEAN.of(min(s.times(a), s.clip(clip).times(a)), c);
    return Diagnostics.clipped(maximise(objective), s, a, clip);
  }
}
