package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
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

/**
 * Σ r·A over the tokens kept / N, N all tokens. With d = log π − log π_old, in nats, a token is
 * kept where M₂ &lt; τ, M₂ the mean of d² over the tokens that are no farther than it: the longest
 * run from the nearest token on whose second moment is below τ. Nothing is kept where the nearest
 * token itself is not below.
 */
public final class M2po implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "m2po",
            "The farthest tokens are dropped until the second moment of log r is small",
            new Source(
                "Prosperity before Collapse: How Far Can Off-Policy RL Reach with Stale Data on"
                    + " LLMs?",
                "J_M2PO with its mask M, τ_M2 = 0.04",
                "https://arxiv.org/abs/2510.01161"))
        .claiming(Claims.normalised(Aggregation.TOKEN_MEAN))
        .deviating(
            "Equally far tokens are kept or dropped together, so that no order of the batch"
                + " decides.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> far = Surrogate.logRatio(c).stopGradient().square().as("d²");
    Detached<Token> nearer = constant(1, TOKEN).cumulativeSum(far, ALL_TOKENS);
    Detached<Token> moment = far.cumulativeSum(far, ALL_TOKENS).dividedBy(nearer).as("M₂");
    Condition<Token> kept =
        moment.below(parameter("m2_threshold", 0.04, 1e-6, 1e3).per(TOKEN)).as("kept");
    Term<Token> objective = select(kept, Surrogate.ratio(c).times(a), Surrogate.zero());
    return Diagnostics.policy(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)))
        .log("m2", far.mean(ALL_TOKENS))
        .log("m2_kept", far.mean(ALL_TOKENS.where(kept)))
        .log("kept", kept.indicator().mean(ALL_TOKENS));
  }
}
