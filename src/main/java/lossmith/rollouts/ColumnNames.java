package lossmith.rollouts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;

/**
 * What the columns of rollouts are called: here, and by trainers and inference servers in what they
 * write.
 */
final class ColumnNames {
  static final String PROMPT_ID = "prompt_id";
  static final String TOKENS = "tokens";
  static final String MASK = Columns.RESPONSE_MASK;

  /** Columns for readers, of which no number depends. */
  static final Seq<String> TEXTS = List.of("prompt", "response", "token_text");

  /** The name here, and what the same thing is called elsewhere. */
  private static final Map<String, Seq<String>> OTHERS =
      LinkedHashMap.<String, Seq<String>>empty()
          .put(
              PROMPT_ID,
              List.of(
                  "uid",
                  "index",
                  "group_id",
                  "group_index",
                  "example_id",
                  "problem_id",
                  "prompt_index"))
          .put(
              TOKENS,
              List.of(
                  "token_ids", "response_ids", "completion_ids", "output_ids", "response_tokens"))
          .put(Columns.REWARD, List.of("score", "rewards", "reward_score", "acc"))
          .put(
              Columns.LOG_PROB,
              List.of(
                  "logprobs",
                  "log_probs",
                  "new_log_probs",
                  "per_token_logps",
                  "trainer_logprobs",
                  "action_log_probs"))
          .put(
              Columns.OLD_LOG_PROB,
              List.of("old_log_probs", "old_logprobs", "old_per_token_logps", "prev_logprobs"))
          .put(
              Columns.REFERENCE_LOG_PROB,
              List.of(
                  "ref_logprobs",
                  "ref_log_probs",
                  "ref_per_token_logps",
                  "base_action_log_probs",
                  "reference_policy_logprobs"))
          .put(
              Columns.ROLLOUT_LOG_PROB,
              List.of(
                  "inference_logprobs",
                  "sampling_per_token_logps",
                  "rollout_log_probs",
                  "rollout_logprobs",
                  "generation_logprobs",
                  "vllm_logprobs"))
          .put(
              MASK,
              List.of(
                  "loss_mask",
                  "completion_mask",
                  "action_mask",
                  "tool_mask",
                  "token_loss_mask",
                  "loss_masks"))
          .put(Columns.VALUE, List.of("values"))
          .put("old_value", List.of("old_values"))
          .put("return", List.of("returns"))
          .put("advantage", List.of("advantages"))
          .put(Columns.TOKEN_REWARD, List.of("token_level_rewards", "token_rewards"))
          .put(Columns.ENTROPY, List.of("entropies", "entropys"));

  private ColumnNames() {}

  /** {@return what a column is called elsewhere} */
  static Seq<String> others(String name) {
    return OTHERS.getOrElse(name, List.empty());
  }

  /** {@return the name here of what is called so elsewhere} */
  static Option<String> here(String other) {
    return OTHERS.find(names -> names._2.contains(other)).map(names -> names._1);
  }

  /** {@return all names that are known, here and elsewhere} */
  static Seq<String> known() {
    return OTHERS.flatMap(names -> names._2.prepend(names._1)).toList();
  }
}
