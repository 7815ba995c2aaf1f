package lossmith.report;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.metric.HeldOut;

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

  /**
   * {@return whether a number of a run is meant}
   *
   * @param name of the number
   * @param meant its name, or the end of the name of a measurement on held-out prompts, after whose
   *     {@code @} stands any number of tries
   */
  public static boolean isNamed(String name, String meant) {
    return name.equals(meant) || HeldOut.isMeant(name, meant);
  }

  /** {@return the rows that have all of these numbers} */
  Seq<Map<String, Double>> having(String... names) {
    return rows.filter(row -> io.vavr.collection.List.of(names).forAll(row::containsKey));
  }
}
