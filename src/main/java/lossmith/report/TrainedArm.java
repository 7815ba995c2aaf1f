package lossmith.report;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;

/**
 * A run that a page shows.
 *
 * @param recipe what trained
 * @param seed of the run
 * @param rows the numbers of each step by name, {@value #STEP} among them
 */
public record TrainedArm(String recipe, long seed, Seq<Map<String, Double>> rows) {
  /** The number of the step, 0 for the start policy. */
  public static final String STEP = "step";

  /** The entropy of the policy that sampled, in nats per token. */
  static final String ENTROPY = "actor/entropy";

  /** The mean reward of the responses of a step. */
  static final String REWARD = "critic/rewards/mean";

  /** {@return the rows that have all of these numbers} */
  Seq<Map<String, Double>> having(String... names) {
    return rows.filter(row -> io.vavr.collection.List.of(names).forAll(row::containsKey));
  }
}
