package lossmith.export;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;

/**
 * A program that trains: what its hook for a loss has of a batch, and what it does with what the
 * hook returns. How the hook is called stands in the template of its name.
 */
public enum Trainer {
  /** TRL's {@code GRPOTrainer}, whose loss a subclass replaces. */
  TRL(
      "trl",
      new TrainerRelease("TRL", "trl", "trl", "1.13", ""),
      "ObjectiveTrainer",
      Hands.COLUMNS,
      List.of(Columns.LOG_PROB, Columns.ENTROPY),
      List.of(Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      HashSet.empty()),
  /** A registered policy loss of verl, which is called for each micro-batch. */
  VERL(
      "verl",
      new TrainerRelease("verl", "verl", "verl", "0.10", "1dda039b9"),
      "policy_loss",
      Hands.ADVANTAGES,
      List.of(Columns.LOG_PROB),
      List.of(Columns.OLD_LOG_PROB),
      HashSet.of(Weighting.values())),
  /** A loss of prime-rl, which is called for each response and divided by all tokens. */
  PRIME_RL(
      "prime-rl",
      new TrainerRelease("prime-rl", "prime_rl", "prime-rl", "0.8", "559b44772"),
      "loss",
      Hands.ADVANTAGES,
      List.of(Columns.LOG_PROB),
      List.of(Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      HashSet.of(Weighting.TOKENS)),
  /** A registered policy loss of SkyRL, whose advantages are divided before it is called. */
  SKYRL(
      "skyrl",
      new TrainerRelease("SkyRL", "skyrl", "skyrl", "0.3", "a9564572e"),
      "policy_loss",
      Hands.SCALED_ADVANTAGES,
      List.of(Columns.LOG_PROB),
      List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      HashSet.of(Weighting.TOKENS, Weighting.RESPONSE_MEANS)),
  /** A loss function of NeMo-RL, whose micro-batches are summed. */
  NEMO_RL(
      "nemo-rl",
      new TrainerRelease("NeMo-RL", "nemo_rl", "nemo-rl", "0.6", "7ea279abf"),
      "Objective",
      Hands.ADVANTAGES,
      List.of(Columns.LOG_PROB),
      List.of(Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      HashSet.of(Weighting.values())),
  /** A custom loss of slime, a sum of means of responses. */
  SLIME(
      "slime",
      new TrainerRelease("slime", "slime", "slime", "0.3", "624b824a8"),
      "loss",
      Hands.ADVANTAGES,
      List.of(Columns.LOG_PROB, Columns.ENTROPY),
      List.of(Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      HashSet.of(Weighting.values())),
  /** OpenRLHF's module of the policy loss, which another takes the place of. */
  OPENRLHF(
      "openrlhf",
      new TrainerRelease("OpenRLHF", "openrlhf", "openrlhf", "0.11", "3c3be623"),
      "ObjectiveLoss",
      Hands.ADVANTAGES,
      List.of(Columns.LOG_PROB),
      List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      HashSet.of(Weighting.values())),
  /** open-instruct's function of the loss of each token, which another takes the place of. */
  OPEN_INSTRUCT(
      "open-instruct",
      new TrainerRelease("open-instruct", "open_instruct", "open-instruct", "", "e6c3044aa"),
      "compute_grpo_loss",
      Hands.TOKENS,
      List.of(Columns.LOG_PROB),
      List.of(Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB),
      HashSet.of(Weighting.TOKENS)),
  /** A loss that tinker's client computes, of all data of a call. */
  TINKER(
      "tinker",
      new TrainerRelease("the tinker SDK", "tinker", "tinker", "0.25", "d595dc2"),
      "loss_of",
      Hands.BATCH,
      List.of(Columns.LOG_PROB),
      List.empty(),
      HashSet.empty()),
  /** A graph that tinker's service runs, of one response. */
  TINKER_GRAPH(
      "tinker-graph",
      new TrainerRelease("the service of tinker", "tinker", "tinker", "0.38", ""),
      "request",
      Hands.DATUM,
      List.of(Columns.LOG_PROB),
      List.of(Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB),
      HashSet.empty());

  /** What of a batch reaches the hook beside its policy. */
  enum Hands {
    /** Any column that is computed where the whole batch is, or else the whole batch. */
    COLUMNS,
    /** One column of advantages, of each token. */
    ADVANTAGES,
    /** The same, each divided already by what the mean over the batch divides by. */
    SCALED_ADVANTAGES,
    /** The same, of tokens of which nothing says which belong together. */
    TOKENS,
    /** One response, with any column that is computed where the whole batch is. */
    DATUM,
    /** The whole batch, with any column that whoever calls it has. */
    BATCH;

    /** Whether it is some rows of the batch. */
    boolean ofRows() {
      return ofAdvantages() || this == DATUM;
    }

    /** Whether it is some rows of the batch, each with its advantages and nothing else. */
    boolean ofAdvantages() {
      return this == ADVANTAGES || this == SCALED_ADVANTAGES || this == TOKENS;
    }
  }

  private final String id;

  @SuppressWarnings("ImmutableEnumChecker") // of strings
  private final TrainerRelease release;

  private final String entry;
  private final Hands hands;

  @SuppressWarnings("ImmutableEnumChecker") // immutable, though nothing says so
  private final List<String> policy;

  @SuppressWarnings("ImmutableEnumChecker") // immutable, though nothing says so
  private final List<String> handed;

  @SuppressWarnings("ImmutableEnumChecker") // immutable, though nothing says so
  private final Set<Weighting> weightings;

  Trainer(
      String id,
      TrainerRelease release,
      String entry,
      Hands hands,
      List<String> policy,
      List<String> handed,
      Set<Weighting> weightings) {
    this.id = id;
    this.release = release;
    this.entry = entry;
    this.hands = hands;
    this.policy = policy;
    this.handed = handed;
    this.weightings = weightings;
  }

  /** {@return the word that is typed} */
  public String id() {
    return id;
  }

  /** {@return its name and the version that the export is for} */
  String title() {
    return release.title();
  }

  /** {@return the release that the export is for} */
  TrainerRelease release() {
    return release;
  }

  /** {@return the name in the file that the trainer asks for} */
  String entry() {
    return entry;
  }

  /** {@return what of a batch reaches the hook beside its policy} */
  Hands hands() {
    return hands;
  }

  /** {@return the statistics of the policy that carry gradient} */
  List<String> policy() {
    return policy;
  }

  /** {@return what else it hands to the loss, of each row} */
  List<String> handed() {
    return hands == Hands.TOKENS ? handed : handed.append(Columns.POSITION);
  }

  /** {@return the ways in which tokens may count that its hook can scale} */
  Set<Weighting> weightings() {
    return weightings;
  }
}
