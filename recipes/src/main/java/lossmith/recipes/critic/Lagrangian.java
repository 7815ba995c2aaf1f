package lossmith.recipes.critic;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.trainable;

import lossmith.dsl.Clip;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Conventions;

/** The two dual variables of maximum a posteriori policy optimisation, trained with the policy. */
final class Lagrangian {
  /** rlax's projection of a dual variable: nothing below this. */
  private static final double LEAST = 1e-8;

  private static final String TEMPERATURE = "dual_temperature";
  private static final String MULTIPLIER = "dual_multiplier";

  private Lagrangian() {}

  /** {@return the loss, meant to train the policy and both dual variables} */
  static Loss training(Loss loss) {
    return loss.training(Loss.POLICY, TEMPERATURE, MULTIPLIER);
  }

  /**
   * {@return η, the temperature of the improved policy, the column dual_temperature, at least 1e-8}
   */
  static Term<Batch> temperature() {
    return trainable(TEMPERATURE, BATCH).clip(Clip.atLeast(constant(LEAST, BATCH))).as("η");
  }

  /** {@return η ε_η + η x} */
  static Term<Batch> dual(Term<Batch> eta, Term<Batch> x) {
    return eta.times(x.shiftedBy(parameter("epsilon_eta", 0.1, 1e-6, 1e2)));
  }

  /**
   * {@return α (ε_α − sg[KL]) + sg[α] KL, KL(π_ref ‖ π) over the whole vocabulary; α is the column
   * dual_multiplier, at least 1e-8}
   */
  static Term<Batch> trustRegion(Conventions c) {
    Term<Token> divergence = expected(referenceLogPi(), referenceLogPi().minus(logPi()));
    Term<Batch> kl = c.aggregate(divergence, Aggregation.TOKEN_MEAN).as("KL");
    Term<Batch> alpha =
        trainable(MULTIPLIER, BATCH).clip(Clip.atLeast(constant(LEAST, BATCH))).as("α");
    return alpha
        .times(kl.stopGradient().negated().shiftedBy(parameter("epsilon_alpha", 0.01, 1e-6, 1e2)))
        .plus(kl.weightedBy(alpha.stopGradient()));
  }
}
