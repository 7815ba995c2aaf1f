package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
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

/** Proximal and behaviour policies apart. */
public final class DecoupledPpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "decoupled-ppo",
            "A trust region around one policy, weights against another",
            new Source(
                "Batch size-invariance for policy optimization",
                "the decoupled objective; AReaL, section 5.2 (arXiv 2505.24298)",
                "https://arxiv.org/abs/2110.00641"))
        .claiming(new Claim.Homogeneous("A"), new Claim.Sign("A"), new Claim.GroupNormalised("A"))
        .deviating("The behaviour policy is rollout_log_prob, the proximal policy old_log_prob.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> behaviour = oldLogProb().minus(rolloutLogProb()).exp().as("b");
    Detached<Token> cap = parameter("behaviour_cap", 5, 0, 1e6).per(TOKEN);
    Detached<Token> weight = select(behaviour.atMost(cap), behaviour, constant(0, TOKEN)).as("w");
    Term<Token> objective = Surrogate.clipped(r, a, clip, c).weightedBy(weight);
    return Diagnostics.clipped(maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip)
        .log("behaviour_weight", weight.mean(ALL_TOKENS));
  }
}
