package lossmith.export;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;

/**
 * The advantages that open-instruct computes by itself, between rewards r_i of the responses to a
 * prompt. It has no place for any other, so that an objective is exported for it only where it has
 * one of these.
 */
enum OwnAdvantage {
  /** A_i = r_i - mean(r). */
  CENTRED("centered") {
    @Override
    double of(double reward, double mean, double deviation) {
      return reward - mean;
    }
  },
  /** A_i = (r_i - mean(r)) / (std(r) + 1e-8), with the deviation of all of them (ddof 0). */
  STANDARD("standard") {
    @Override
    double of(double reward, double mean, double deviation) {
      return (reward - mean) / (deviation + 1e-8);
    }
  };

  /** Rewards of six responses, of which the three to a prompt are equal or differ. */
  private static final List<double[]> REWARDS =
      List.of(
          new double[] {0, 1, 1, 0, 0, 0},
          new double[] {0.25, -3, 0.5, 2, 2.5, 7},
          new double[] {1, 1, 1, -0.5, 0.125, -0.75});

  /** What float32 tells, in which open-instruct hands advantages over. */
  private static final double TOLERANCE = 1e-6;

  private final String option;

  OwnAdvantage(String option) {
    this.option = option;
  }

  /** {@return what {@code --advantage_normalization_type} is for it} */
  String option() {
    return option;
  }

  abstract double of(double reward, double mean, double deviation);

  /**
   * {@return which of them an advantage is, as rewards show that are equal or differ by more than a
   * tenth, of prompts with three responses and with one; none where it is neither}
   *
   * @param advantage a number of each response, over rewards
   */
  static Option<OwnAdvantage> of(Node advantage) {
    boolean other =
        advantage.level() != Level.Name.SEQUENCE
            || !Inputs.of(List.of(advantage)).parameters().isEmpty();
    return other
        ? Option.none()
        : List.of(values())
            .find(
                own ->
                    REWARDS.forAll(rewards -> own.is(advantage, rewards, 3))
                        && own.is(advantage, REWARDS.head(), 1));
  }

  private boolean is(Node advantage, double[] rewards, int responses) {
    int[] prompts = IntStream.range(0, rewards.length).map(i -> i / responses).toArray();
    Samples samples =
        new SamplesBuilder(new int[] {2, 1, 3, 1, 1, 2}, prompts)
            .column(Columns.REWARD, Level.Name.SEQUENCE, rewards)
            .build();
    double[] found = new Reference(samples, HashMap.empty()).of(advantage);
    return List.range(0, rewards.length)
        .forAll(i -> Math.abs(found[i] - of(rewards, i, responses)) <= TOLERANCE);
  }

  private double of(double[] rewards, int i, int responses) {
    int first = i - i % responses;
    double mean = 0;
    double squares = 0;
    for (int k = first; k < first + responses; k++) {
      mean += rewards[k] / responses;
    }
    for (int k = first; k < first + responses; k++) {
      squares += (rewards[k] - mean) * (rewards[k] - mean) / responses;
    }
    return of(rewards[i], mean, Math.sqrt(squares));
  }
}
