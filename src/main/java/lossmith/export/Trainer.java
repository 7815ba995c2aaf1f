package lossmith.export;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;

/**
 * A program that trains: what its hook for a loss has of a batch. How the hook is called stands in
 * the template of its name.
 */
public enum Trainer {
  /** TRL's {@code GRPOTrainer}, whose loss a subclass replaces. */
  TRL(
      "trl",
      "TRL 1.13",
      List.of(Columns.LOG_PROB, Columns.ENTROPY),
      List.of(
          Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      true,
      HashSet.of(Weighting.values()));

  private final String id;
  private final String title;
  private final List<String> policy;
  private final List<String> handed;
  private final boolean whole;
  private final Set<Weighting> weightings;

  Trainer(
      String id,
      String title,
      List<String> policy,
      List<String> handed,
      boolean whole,
      Set<Weighting> weightings) {
    this.id = id;
    this.title = title;
    this.policy = policy;
    this.handed = handed;
    this.whole = whole;
    this.weightings = weightings;
  }

  /** {@return the word that is typed} */
  public String id() {
    return id;
  }

  /** {@return its name and the version that the export is for} */
  String title() {
    return title;
  }

  /** {@return the statistics of the policy that carry gradient} */
  List<String> policy() {
    return policy;
  }

  /** {@return what else it hands to the loss, of each row} */
  List<String> handed() {
    return handed.append(Columns.POSITION);
  }

  /** {@return what is there of a whole batch before the policy is} */
  List<String> before() {
    return List.of(Columns.REWARD);
  }

  /** {@return whether it can hand a whole batch to the loss, under a condition} */
  boolean whole() {
    return whole;
  }

  /** {@return the ways in which tokens may count that it can scale} */
  Set<Weighting> weightings() {
    return weightings;
  }
}
