package lossmith.recipes.entropy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** DAPO on the share ρ of tokens with the highest entropy. */
public final class ForkingTokens implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "forking-tokens",
            "DAPO on the share ρ of tokens with the highest entropy",
            new Source(
                "Beyond the 80/20 Rule: High-Entropy Minority Tokens Drive Effective Reinforcement"
                    + " Learning for LLM Reasoning",
                "section 5",
                "https://arxiv.org/abs/2506.01939"))
        .claiming(Claims.normalised(x -> x.mean(ALL_TOKENS.where(fork()))))
        .deviating(
            "The mean is over forking tokens, as in the authors' code.",
            "Dynamic sampling and the overlong punishment of DAPO are parts of their own.");
  }

  /** The entropy that a share of rho of the tokens is not below. */
  private static Detached<Batch> bound() {
    Parameter rho = parameter("rho", 0.2, 0, 1);
    return entropy().stopGradient().quantile(rho.negated().shiftedBy(1), ALL_TOKENS);
  }

  private static Condition<Token> fork() {
    return entropy().stopGradient().atLeast(bound().per(TOKEN)).as("fork");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Batch> bound = bound();
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS.where(fork())));
    return Diagnostics.clipped(loss, r, a, clip).log("fork_entropy", bound);
  }
}
