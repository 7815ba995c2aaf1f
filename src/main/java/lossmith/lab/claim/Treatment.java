package lossmith.lab.claim;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Loss;
import lossmith.lab.TrainingSettings;

/**
 * What a policy is trained with; everything else is the same for all.
 *
 * @param name in tables, such as {@code grpo}
 * @param loss the objective
 * @param parameters of the objective that are not at their defaults
 * @param rate what the learning rate is multiplied by
 * @param resetEvery after how many steps the reference becomes the policy; 0 for never
 */
public record Treatment(
    String name, Loss loss, Map<String, Double> parameters, double rate, int resetEvery) {

  /** {@return an objective as it is} */
  static Treatment of(String name, Loss loss) {
    return new Treatment(name, loss, HashMap.empty(), 1, 0);
  }

  /** {@return the same with a parameter set} */
  Treatment with(String parameter, double value) {
    return new Treatment(name, loss, parameters.put(parameter, value), rate, resetEvery);
  }

  /**
   * {@return settings for this}
   *
   * @param usual what all treatments have
   * @param seed of the run
   */
  public TrainingSettings settings(TrainingSettings usual, long seed) {
    TrainingSettings.Updating updating = usual.updating();
    return new TrainingSettings(
        seed,
        usual.steps(),
        usual.tokens(),
        usual.sampling(),
        new TrainingSettings.Updating(
            updating.minibatches(),
            updating.epochs(),
            rate * updating.rate(),
            updating.norm(),
            resetEvery),
        usual.measuring(),
        usual.discounting(),
        parameters);
  }
}
