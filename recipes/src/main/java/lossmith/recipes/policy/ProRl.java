package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** Clip-higher, a divergence to the reference, dynamic sampling. */
public final class ProRl implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "prorl",
            "Clip-higher, a divergence to the reference, dynamic sampling",
            new Source(
                "ProRL: Prolonged Reinforcement Learning Expands Reasoning Boundaries in Large"
                    + " Language Models",
                "section 2",
                "https://arxiv.org/abs/2505.24864"))
        .claiming(
            new Claim.GroupNormalised("A"),
            new Claim.Averages("KL", Claim.Divergence.REVERSE, Columns.LOG_PROB),
            new Claim.Estimates(Claim.Divergence.FORWARD, "beta"))
        .deviating("Resetting the reference is the trainer's.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Condition<Token> kept = Advantages.informative(reward()).per(TOKEN).as("kept");
    Clip clip = Surrogate.trustRegion(0.2, 0.4);
    Term<Token> r = Surrogate.ratio(c);
    Loss policy = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS.where(kept)));
    Term<Token> k3 = Surrogate.k3(referenceLogProb(), c).as("KL");
    Loss kl =
        minimise(k3.mean(ALL_TOKENS.where(kept)))
            .scaledBy(parameter("beta", 1e-3, 0, 1e6))
            .as("kl");
    return Diagnostics.clipped(policy.plus(kl), r, a, clip)
        .log("reference_k3", k3.stopGradient().mean(ALL_TOKENS));
  }
}
