package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.uniform;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** Random high-covariance tokens lose their gradient. */
public final class ClipCov implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "clip-cov",
            "Random high-covariance tokens lose their gradient",
            new Source(
                "The Entropy Mechanism of Reinforcement Learning for Reasoning Language Models",
                "Clip-Cov; Entropy Collapse, section 5",
                "https://arxiv.org/abs/2505.22617"))
        .claiming(new Claim.Sign("A"), new Claim.GroupNormalised("A"))
        .deviating(
            "The random choice is by keyed hash, so that splitting a batch changes nothing.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = ratio();
    Detached<Token> cov = Covariance.of(a);
    Detached<Batch> low = parameter("cov_low", 1, -1e6, 1e6);
    Detached<Batch> high = parameter("cov_high", 5, -1e6, 1e6);
    Condition<Token> clipped =
        r.clip(clip).times(a).stopGradient().below(r.times(a).stopGradient()).as("clipped");
    Condition<Token> candidates =
        cov.above(low.per(TOKEN))
            .and(cov.below(high.per(TOKEN)))
            .and(clipped.not())
            .as("candidate");
    Detached<Batch> share = parameter("cov_share", 2e-4, 0, 1);
    Detached<Batch> k = max(count(ALL_TOKENS).times(share).floor(), constant(1, BATCH)).as("k");
    Detached<Token> draw =
        uniform(parameter("seed", 0, 0, 1e9), parameter("step", 0, 0, 1e9)).as("u");
    Condition<Token> dropped = draw.top(k, ALL_TOKENS.where(candidates)).as("dropped");
    Term<Token> objective = select(dropped, Surrogate.zero(), Surrogate.clipped(r, a, clip));
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("dropped", dropped.indicator().mean(ALL_TOKENS));
  }
}
