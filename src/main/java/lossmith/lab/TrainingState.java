package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.file.Path;
import lossmith.lab.policy.Adam;
import lossmith.lab.policy.NetworkWeights;

/**
 * All that a run has become: with the settings it decides every number that is still to come. It
 * can be written down between two steps.
 */
final class TrainingState implements AutoCloseable {
  /** What the weights of the policy are called in the file. */
  static final String POLICY = "policy";

  private static final String COEFFICIENT = "coefficient ";
  private static final String REWARDS = "implicit_rewards";

  final float[] numbers;
  final NetworkWeights policy;
  final NetworkWeights reference;
  final Adam adam;

  /** Parameters of the objective that controllers move. */
  Map<String, Double> coefficients;

  long step;
  long tokens;

  /** For how many steps in a row there was nothing to learn. */
  int flat;

  /** The sum of the implicit rewards of all responses so far, where an objective reads it. */
  double rewards;

  /** How many responses these are. */
  long rewarded;

  private TrainingState(
      float[] numbers, float[] reference, Adam adam, Map<String, Double> coefficients) {
    this.numbers = numbers.clone();
    this.policy = new NetworkWeights(numbers);
    this.reference = new NetworkWeights(reference);
    this.adam = adam;
    this.coefficients = coefficients;
  }

  /** The beginning. */
  static TrainingState of(Start start, Map<String, Double> coefficients) {
    return new TrainingState(
        start.policy(), start.reference(), new Adam(start.policy().length), coefficients);
  }

  void write(Path file) throws IOException {
    NumberFile all =
        NumberFile.empty()
            .with(POLICY, numbers)
            .with("reference", reference.numbers())
            .with("adam_mean", adam.mean())
            .with("adam_square", adam.square())
            .with("counts", (double) step, (double) tokens, flat, (double) adam.steps());
    if (rewarded > 0) {
      all = all.with(REWARDS, rewards, (double) rewarded);
    }
    coefficients.foldLeft(all, (done, one) -> done.with(COEFFICIENT + one._1, one._2)).write(file);
  }

  /**
   * Goes on from a file.
   *
   * @param coefficients those that the file must have
   */
  static TrainingState read(Path file, Map<String, Double> coefficients) throws IOException {
    NumberFile all = NumberFile.read(file);
    double[] counts = all.doubles("counts");
    Map<String, Double> moved =
        coefficients.foldLeft(
            LinkedHashMap.empty(),
            (found, one) -> found.put(one._1, all.doubles(COEFFICIENT + one._1)[0]));
    TrainingState state =
        new TrainingState(
            all.floats(POLICY),
            all.floats("reference"),
            new Adam(all.floats("adam_mean"), all.floats("adam_square"), (long) counts[3]),
            moved);
    state.step = (long) counts[0];
    state.tokens = (long) counts[1];
    state.flat = (int) counts[2];
    if (all.has(REWARDS)) {
      state.rewards = all.doubles(REWARDS)[0];
      state.rewarded = (long) all.doubles(REWARDS)[1];
    }
    return state;
  }

  @Override
  public void close() {
    policy.close();
    reference.close();
  }
}
