package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * The names of the columns that every recipe, file and trainer shares. All logarithms are natural;
 * entropies are in nats.
 */
public final class Columns {
  private Columns() {}

  /**
   * log π of the policy that is trained, per token and vocabulary entry: log softmax(logits /
   * temperature).
   */
  public static final String LOG_PI = "log_pi";

  /** log π of a frozen reference policy, per token and vocabulary entry. */
  public static final String REFERENCE_LOG_PI = "ref_log_pi";

  /** log π of the sampled token under the policy that is trained. */
  public static final String LOG_PROB = "log_prob";

  /**
   * log π of the sampled token under the policy of the last synchronisation; without it the loss is
   * on-policy.
   */
  public static final String OLD_LOG_PROB = "old_log_prob";

  /** log π of the sampled token under the frozen reference. */
  public static final String REFERENCE_LOG_PROB = "ref_log_prob";

  /** log π of the sampled token as the inference engine recorded it. */
  public static final String ROLLOUT_LOG_PROB = "rollout_log_prob";

  /** The log-probs of the sampled token, each under another policy. */
  public static final Seq<String> LOG_PROBS =
      List.of(LOG_PROB, OLD_LOG_PROB, REFERENCE_LOG_PROB, ROLLOUT_LOG_PROB);

  /** Entropy of the policy that is trained, −Σ π log π. */
  public static final String ENTROPY = "entropy";

  /** Mean over the vocabulary of log π of the policy that is trained, unweighted. */
  public static final String MEAN_LOG_PI = "mean_log_pi";

  /** Σ π² of the policy that is trained. */
  public static final String SUM_PI_SQUARED = "sum_pi_squared";

  /** 1 for each token of the policy, 0 for each other: what exists, so no column of samples. */
  public static final String RESPONSE_MASK = "response_mask";

  /** Reward of a whole response. */
  public static final String REWARD = "reward";

  /**
   * 1 for each response with a reward, 0 for each that could not be scored; where there is no such
   * column, every response has one.
   */
  public static final String REWARD_KNOWN = "reward_known";

  /** Reward of a token. */
  public static final String TOKEN_REWARD = "token_reward";

  /** The value head's prediction. */
  public static final String VALUE = "value";

  /** Position of a token in its response, from 0. */
  public static final String POSITION = "position";

  /** +1 for the chosen response of a preference pair, −1 for the rejected one. */
  public static final String SIGN = "sign";

  /** 1 where the response ended by itself, 0 where it was cut. */
  public static final String FINISHED = "finished";

  /** The parameter by which the logits are divided. */
  public static final String TEMPERATURE = "temperature";
}
