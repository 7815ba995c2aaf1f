package lossmith.recipes.regression;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.trainable;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/**
 * w (log Z + mean_t log π − β R − mean_t log π_ref)² of each response: R its normalised reward, w
 * its clipped importance ratio, held, and log Z(x) of the prompt trained beside the policy, in the
 * column log_z.
 */
public final class FlowRl implements Recipe {
  private static final String LOG_Z = "log_z";

  @Override
  public Card card() {
    return Card.of(
            "flowrl",
            "Likelihoods in proportion to exponentiated rewards, by flow balance",
            new Source(
                "FlowRL: Matching Reward Distributions for LLM Reasoning",
                "section 3, the FlowRL objective",
                "https://arxiv.org/abs/2509.15207"))
        .claiming(new Claim.GroupNormalised("R"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> r = Advantages.normalised(reward(), c).as("R");
    Detached<Sequence> w =
        Surrogate.logRatio(c)
            .sum(TOKENS)
            .exp()
            .clip(Surrogate.trustRegion(0.2, 0.2))
            .stopGradient()
            .as("w");
    Term<Sequence> balance =
        trainable(LOG_Z, GROUP)
            .per(SEQUENCE)
            .plus(logProb().mean(TOKENS))
            .minus(r.scaledBy(parameter("beta", 15, 0, 1e3)))
            .minus(referenceLogProb().mean(TOKENS));
    return minimise(balance.square().weightedBy(w).mean(ALL_SEQUENCES))
        .training(Loss.POLICY, LOG_Z);
  }
}
