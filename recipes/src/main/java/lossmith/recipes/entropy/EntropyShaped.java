package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
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

/** PPO with an advantage bonus for high entropy. */
public final class EntropyShaped implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "entropy-shaped",
            "PPO with an advantage bonus for high entropy",
            new Source(
                "Reasoning with Exploration: An Entropy Perspective",
                "Entropy Collapse, eqs 8 and 9",
                "https://arxiv.org/abs/2506.14758"))
        .claiming(
            new Claim.OnPolicy("Â", x -> x.mean(ALL_TOKENS)),
            new Claim.Sign("Â"),
            new Claim.ClipRegion("r", "Â", "clip_low", "clip_high"),
            new Claim.GroupNormalised("A"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> base = Advantages.groupNormalised(reward(), c);
    Parameter alpha = parameter("alpha", 0.4, 0, 100);
    Parameter kappa = parameter("kappa", 2, Math.nextUp(1.0), 1e6);
    Detached<Token> psi =
        min(entropy().stopGradient().scaledBy(alpha), base.abs().dividedBy(kappa.per(TOKEN)))
            .as("ψ");
    Detached<Token> a = base.plus(psi).as("Â");
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss =
        Diagnostics.clipped(
            maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.TOKEN_MEAN)),
            r,
            a,
            clip);
    return loss.log("bonus", psi.mean(ALL_TOKENS));
  }
}
