package lossmith.lab;

import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;

/**
 * δ, the mean of the implicit rewards β Σ_t (log π(y_t) − log π_ref(y_t)) of all responses that
 * updates have learnt from so far, those of this update among them, each by the policy that was
 * updated then: what binary classifier optimisation shifts rewards by (Jung et al., 2404.04656; its
 * authors' BCOTrainer of TRL). The state of a run keeps it.
 */
final class RewardShift implements GivenColumn {
  static final String NAME = "reward_shift";

  /** The parameter of the objective that log-ratios are multiplied by. */
  static final String BETA = "beta";

  private final double beta;
  private final double temperature;

  /**
   * A shift.
   *
   * @param beta where the parameter has no other value
   * @param temperature the logits are divided by it
   */
  RewardShift(double beta, double temperature) {
    this.beta = beta;
    this.temperature = temperature;
  }

  @Override
  public Samples with(Samples samples, Update update) {
    double[] ratios =
        LogProbs.at(LogProbs.rows(update.logits(), temperature), samples.sampled().get());
    double[] reference = samples.column(Columns.REFERENCE_LOG_PROB).get();
    double ratio = Arrays.stream(ratios).sum() - Arrays.stream(reference).sum();
    TrainingState state = update.state();
    state.rewards += update.parameters().get(BETA).getOrElse(beta) * ratio;
    state.rewarded += update.rows().drawn().size();
    double shift = state.rewards / state.rewarded;
    update.tell(NAME, shift);
    return samples.with(NAME, Level.Name.BATCH, new double[] {shift});
  }

  @Override
  public Samples shown(Samples samples, Update update) {
    TrainingState state = update.state();
    double shift = state.rewarded == 0 ? 0 : state.rewards / state.rewarded;
    return samples.with(NAME, Level.Name.BATCH, new double[] {shift});
  }
}
