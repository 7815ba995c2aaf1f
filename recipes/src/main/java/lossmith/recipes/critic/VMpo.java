package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Gae;

/**
 * log π weighted by exp(A / η), normalised over the better half of the tokens, with η and the
 * multiplier α of KL(π_ref ‖ π) trained beside the policy.
 */
public final class VMpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "v-mpo",
            "On-policy maximum a posteriori policy optimisation",
            new Source(
                "V-MPO: On-Policy Maximum a Posteriori Policy Optimization for Discrete and"
                    + " Continuous Control",
                "eqs 3 to 5; rlax vmpo_loss",
                "https://arxiv.org/abs/1909.12238"))
        .deviating(
            "The better half is exact where advantages are equal; the source takes all that are"
                + " equal to the least of it.",
            "The advantage is GAE with γ = 1 and λ = 0.95; every token acts, a cut counts as an"
                + " end.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a =
        Gae.of(given(Columns.TOKEN_REWARD, TOKEN), given(Columns.VALUE, TOKEN), 1, 0.95);
    Condition<Token> better =
        a.topFraction(parameter("top_share", 0.5, 0.01, 1), 1, ALL_TOKENS).as("better");
    Term<Batch> eta = Lagrangian.temperature();
    Term<Token> scaled = a.dividedBy(eta.per(TOKEN));
    Detached<Batch> most = scaled.stopGradient().max(ALL_TOKENS).as("m");
    Term<Token> weight = scaled.minus(most.per(TOKEN)).exp();
    Term<Batch> mean = weight.mean(ALL_TOKENS.where(better)).as("Z");
    Detached<Token> share = weight.dividedBy(mean.per(TOKEN)).stopGradient().as("ψ");
    return Lagrangian.training(
        minimise(
            logProb()
                .weightedBy(share)
                .mean(ALL_TOKENS.where(better))
                .negated()
                .plus(Lagrangian.dual(eta, mean.log().plus(most)))
                .plus(Lagrangian.trustRegion(c))));
  }
}
