package lossmith.recipes.policy;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
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

/** The geometric mean of a response's clipped ratios. */
public final class Gmpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "gmpo",
            "The geometric mean of a response's clipped ratios",
            new Source(
                "Geometric-Mean Policy Optimization",
                "token-level clip on the log scale",
                "https://arxiv.org/abs/2507.20673"))
        .claiming(Claims.normalised(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Batch> low = parameter("clip_low", 0.4, 0, 100);
    Detached<Batch> high = parameter("clip_high", 0.4, 0, 100);
    Term<Token> d = logProb().minus(oldLogProb()).as("d");
    Detached<Token> sign = a.sign();
    Term<Token> held = d.clip(Clip.between(low.negated(), high)).times(sign);
    Term<Token> x = min(d.times(sign), held).times(sign);
    Term<Sequence> ratio = Aggregation.tokenMean(x, c).exp().as("s");
    Term<Sequence> objective = ratio.times(Aggregation.tokenMean(a, c));
    return Diagnostics.policy(maximise(objective.mean(ALL_SEQUENCES)));
  }
}
