package lossmith.recipes.preference;

import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * A loss of how a chosen and a rejected response score. The score is the log-ratio to the reference
 * unless a part of kind score names another: {@code dpo-hinge+forward-kl}.
 */
public interface PairLoss extends Recipe {
  /**
   * {@return the objective as a loss to minimise}
   *
   * @param c the choices that trainers make differently
   * @param score what is compared
   */
  Loss loss(Conventions c, PairScore score);

  @Override
  default Loss loss(Conventions c) {
    return loss(c, PairScore.LOG_RATIO);
  }
}
