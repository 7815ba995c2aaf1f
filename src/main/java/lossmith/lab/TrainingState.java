package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import lossmith.lab.policy.Adam;
import lossmith.lab.policy.NetworkWeights;

/**
 * All that a run has become: with the settings it decides every number that is still to come. It
 * can be written down between two steps.
 */
final class TrainingState implements AutoCloseable {
  /** What the weights of the policy are called in the file. */
  static final String POLICY = "policy";

  private static final String HEAD = "value_head";

  private static final String COEFFICIENT = "coefficient ";
  private static final String REWARDS = "implicit_rewards";

  /** The weights of the policy, behind them those of the critic where there is one. */
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
      float[] policy,
      float[] head,
      float[] reference,
      Adam adam,
      Map<String, Double> coefficients) {
    this.numbers = Arrays.copyOf(policy, policy.length + head.length);
    System.arraycopy(head, 0, numbers, policy.length, head.length);
    this.policy = new NetworkWeights(policy);
    this.reference = new NetworkWeights(reference);
    this.adam = adam;
    this.coefficients = coefficients;
  }

  /**
   * The beginning.
   *
   * @param head how many weights the critic has, which start at 0
   */
  static TrainingState of(Start start, int head, Map<String, Double> coefficients) {
    return new TrainingState(
        start.policy(),
        new float[head],
        start.reference(),
        new Adam(start.policy().length + head),
        coefficients);
  }

  /** The weights of the critic, none where there is none. */
  float[] head() {
    return Arrays.copyOfRange(numbers, reference.size(), numbers.length);
  }

  void write(Path file) throws IOException {
    NumberFile all =
        NumberFile.empty()
            .with(POLICY, policy.numbers())
            .with("reference", reference.numbers())
            .with("adam_mean", adam.mean())
            .with("adam_square", adam.square())
            .with("counts", (double) step, (double) tokens, flat, (double) adam.steps());
    if (rewarded > 0) {
      all = all.with(REWARDS, rewards, (double) rewarded);
    }
    float[] head = head();
    coefficients
        .foldLeft(
            head.length == 0 ? all : all.with(HEAD, head),
            (done, one) -> done.with(COEFFICIENT + one._1, one._2))
        .write(file);
  }

  /**
   * Goes on from a file.
   *
   * @param head how many weights the critic has
   * @param coefficients those that the file must have
   */
  static TrainingState read(Path file, int head, Map<String, Double> coefficients)
      throws IOException {
    NumberFile all = NumberFile.read(file);
    double[] counts = all.doubles("counts");
    Map<String, Double> moved =
        coefficients.foldLeft(
            LinkedHashMap.empty(),
            (found, one) -> found.put(one._1, all.doubles(COEFFICIENT + one._1)[0]));
    TrainingState state =
        new TrainingState(
            all.floats(POLICY),
            head == 0 ? new float[0] : all.floats(HEAD),
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
