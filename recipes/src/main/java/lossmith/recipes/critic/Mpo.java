package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * The cross-entropy to π_ref(v) exp(q(v) / η), normalised, with η and the multiplier α of KL(π_ref
 * ‖ π) trained beside the policy; q comes in action_value.
 */
public final class Mpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "mpo",
            "Maximum a posteriori policy optimisation",
            new Source(
                "Maximum a Posteriori Policy Optimisation",
                "the E-step with its dual, the M-step under a KL bound; rlax mpo_loss",
                "https://arxiv.org/abs/1806.06920"))
        .deviating(
            "The expectation over actions is exact, over the vocabulary, where the source draws"
                + " samples.",
            "The multiplier bounds KL(π_ref ‖ π) to the given reference.");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Batch> eta = Lagrangian.temperature();
    Term<Vocabulary> improved =
        ActionValues.q()
            .dividedBy(eta.per(TOKEN).per(VOCABULARY_ENTRY))
            .plus(referenceLogPi())
            .as("u");
    Term<Token> most = improved.stopGradient().max(VOCABULARY);
    Term<Token> total =
        improved
            .minus(most.per(VOCABULARY_ENTRY))
            .exp()
            .sum(VOCABULARY)
            .log()
            .plus(most)
            .as("logZ");
    Detached<Vocabulary> logWeight =
        improved.minus(total.per(VOCABULARY_ENTRY)).stopGradient().as("w");
    Term<Token> fit = expected(logWeight, logPi().negated());
    return Lagrangian.training(
        minimise(
            c.aggregate(fit, Aggregation.TOKEN_MEAN)
                .plus(Lagrangian.dual(eta, c.aggregate(total, Aggregation.TOKEN_MEAN)))
                .plus(Lagrangian.trustRegion(c))));
  }
}
