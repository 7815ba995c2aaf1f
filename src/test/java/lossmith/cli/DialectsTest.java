package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.ProblemException;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rollouts under the names of trainers and inference servers, two rows of each. */
class DialectsTest {
  @TempDir Path folder = Path.of("");

  private Rollouts read(String row, Reading reading) throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), row + "\n" + row + "\n");
    return RolloutFile.read(file, reading);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verl | uid: 'a', score: 1, step: 3, log_prob: [-1], old_log_probs: [-1], response_mask:"
            + " [1] | uid → prompt_id, score → reward, old_log_probs → old_log_prob",
        "TRL | prompt_id: 1, completion_ids: [5], reward: 1, per_token_logps: [-1],"
            + " old_per_token_logps: [-1], completion_mask: [1] | completion_ids → tokens,"
            + " completion_mask → response_mask, per_token_logps → log_prob, old_per_token_logps →"
            + " old_log_prob",
        "OpenRLHF | prompt_id: 1, reward: 1, action_log_probs: [-1], base_action_log_probs: [-1],"
            + " action_mask: [1] | action_mask → response_mask, action_log_probs → log_prob,"
            + " base_action_log_probs → ref_log_prob",
        "slime | group_index: 0, index: 7, response_length: 1, reward: 1, log_prob: [-1],"
            + " rollout_log_probs: [-1], loss_mask: [1] | group_index → prompt_id, loss_mask →"
            + " response_mask, rollout_log_probs → rollout_log_prob",
        "prime-rl | example_id: 1, completion_ids: [4], reward: 1, trainer_logprobs: [-1],"
            + " inference_logprobs: [-1] | example_id → prompt_id, completion_ids → tokens,"
            + " trainer_logprobs → log_prob, inference_logprobs → rollout_log_prob",
        "SkyRL | prompt_id: 1, response_ids: [4], rewards: 1, action_log_probs: [-1], loss_masks:"
            + " [1], rollout_logprobs: [-1] | response_ids → tokens, loss_masks → response_mask,"
            + " rewards → reward, action_log_probs → log_prob, rollout_logprobs → rollout_log_prob",
        "open-instruct | prompt_id: 1, reward: 1, log_prob: [-1], old_logprobs: [-1],"
            + " vllm_logprobs: [-1] | old_logprobs → old_log_prob, vllm_logprobs →"
            + " rollout_log_prob",
        "NeMo-RL | prompt_id: 1, token_ids: [4], rewards: 1, log_prob: [-1], prev_logprobs: [-1],"
            + " generation_logprobs: [-1] | token_ids → tokens, rewards → reward, prev_logprobs →"
            + " old_log_prob, generation_logprobs → rollout_log_prob",
      })
  void itsNamesAreRecognisedAndSaid(String system, String row, String renamed) throws IOException {
    String json = "{" + row.strip().replaceAll("(\\w+):", "\"$1\":").replace('\'', '"') + "}";
    Rollouts rollouts = read(json, Reading.plain());
    assertEquals("Read as " + system + ": " + renamed + ".", rollouts.notes().head());
    assertTrue(rollouts.samples().column("reward").isDefined());
    assertTrue(rollouts.samples().column("log_prob").isDefined());
  }

  /** All that stands in the way is told at once, with what to write. */
  @Test
  void columnsThatCouldBeLogProbsByTheirNamesAreAskedAbout() throws IOException {
    String row = "{'uid':1,'scores':1,'actor_logp':[-1],'behaviourLogProb':[-2],'logo':[3]}";
    String json = row.replace('\'', '"');
    String said =
        String.valueOf(
            assertThrows(ProblemException.class, () -> read(json, Reading.plain())).getMessage());
    assertTrue(said.contains("--columns reward=scores if"), said);
    assertTrue(
        said.contains(
            "got no column log_prob, and nothing reads actor_logp, behaviourLogProb; expected the"
                + " policy's log-probs under that name, or --logits; write --columns"
                + " log_prob=actor_logp if it is that column, and name the others old_log_prob,"
                + " ref_log_prob or rollout_log_prob, such as --columns"
                + " log_prob=actor_logp,old_log_prob=behaviourLogProb"),
        said);
    var names = LinkedHashMap.of("reward", "scores", "log_prob", "behaviourLogProb");
    var right =
        read(json, new Reading(names, List.empty(), List.empty(), LinkedHashMap.empty(), false));
    assertArrayEquals(new double[] {-2, -2}, right.samples().column("log_prob").get());
  }

  /** Of slime's lists, tokens alone begin with the prompt. */
  @Test
  void tokensOfThePromptAreNotRead() throws IOException {
    String rows =
        """
        {"group_index":0,"tokens":[9,8,1,2],"response_length":2,"reward":1,"log_prob":[-1,-2],"loss_mask":[1,1]}
        {"group_index":0,"tokens":[9,8,7,3],"response_length":1,"reward":0,"log_prob":[-3],"loss_mask":[1]}
        """;
    Rollouts rollouts = read(rows.strip(), Reading.plain());
    assertArrayEquals(new int[] {1, 2, 3, 1, 2, 3}, rollouts.samples().sampled().get());
    assertArrayEquals(new int[] {2, 1, 2, 1}, rollouts.samples().lengths());
    assertTrue(rollouts.notes().last().contains("the last response_length of each row are read"));
    assertFalse(rollouts.notes().exists(note -> note.contains("not read, because")));
  }

  /** Elsewhere the length of a response is one more column, and lists that differ are a mistake. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tokens\":[9,1,2],\"response_length\":2,\"log_prob\":[-1,-2,-3]}",
        "{\"tokens\":[1,2],\"response_length\":1,\"log_prob\":[-1,-2]}"
      })
  void listsOfOneLengthAreReadWhole(String row) throws IOException {
    Rollouts rollouts = read(row, Reading.plain());
    assertEquals(rollouts.samples().column("log_prob").get().length, rollouts.samples().tokens());
    assertTrue(rollouts.notes().exists(note -> note.contains("not read, because")));
  }

  @Test
  void aLengthThatIsNoNumberChangesNothing() {
    String row = "{\"tokens\":[9,1],\"response_length\":\"one\",\"log_prob\":[-1]}";
    String told =
        String.valueOf(
            assertThrows(ProblemException.class, () -> read(row, Reading.plain())).getMessage());
    assertTrue(told.contains("for 2 tokens"), told);
  }

  @Test
  void namesThatSeveralSystemsWriteAreNoSystem() throws IOException {
    Rollouts rollouts =
        read("{\"prompt_id\":1,\"reward\":1,\"log_probs\":[-1],\"values\":[1]}", Reading.plain());
    assertEquals("Read as: log_probs → log_prob, values → value.", rollouts.notes().head());
  }

  /** slime keeps the log-probs of the policy before the step in log_probs. */
  @Test
  void aNameThatASystemMeansOtherwiseIsNotGuessed() throws IOException {
    String row =
        "{\"group_index\":1,\"response_length\":1,\"reward\":1,\"log_probs\":[-1],\"lp\":[-2]}";
    String told =
        String.valueOf(
            assertThrows(
                    ProblemException.class,
                    () -> assertEquals(0, read(row, Reading.plain()).slots().length))
                .getMessage());
    assertTrue(told.contains("column log_probs, old_log_prob in what slime writes"), told);
    assertTrue(told.contains("--columns old_log_prob=log_probs"), told);
    Reading named =
        new Reading(
            LinkedHashMap.of("old_log_prob", "log_probs", "log_prob", "lp"),
            List.empty(),
            List.empty(),
            LinkedHashMap.empty(),
            false);
    assertEquals(-1, read(row, named).samples().column("old_log_prob").get()[0]);
  }

  /** tinker-cookbook's logprobs are those of the sampler. */
  @Test
  void theLogProbsOfASamplerAreNotGuessed() throws IOException {
    String row =
        "{\"prompt_id\":1,\"target_tokens\":[4],\"reward\":1,\"logprobs\":[-1],\"log_prob\":[-2]}";
    Rollouts rollouts =
        read(
            row,
            new Reading(
                LinkedHashMap.of("rollout_log_prob", "logprobs"),
                List.empty(),
                List.empty(),
                LinkedHashMap.empty(),
                false));
    assertEquals("Read as tinker-cookbook: logprobs → rollout_log_prob.", rollouts.notes().head());
    String told =
        String.valueOf(
            assertThrows(
                    ProblemException.class,
                    () ->
                        assertEquals(
                            0,
                            read(row.replace(",\"log_prob\":[-2]", ""), Reading.plain())
                                .slots()
                                .length))
                .getMessage());
    assertTrue(told.contains("--columns rollout_log_prob=logprobs"), told);
  }

  @Test
  void theListsOfAnInferenceServerAreSaid() throws IOException {
    String objects = "[{\"token\":\"a\",\"logprob\":-1},{\"token\":\"b\",\"logprob\":-2}]";
    Rollouts rollouts =
        read("{\"prompt_id\":1,\"reward\":1,\"logprobs\":" + objects + "}", Reading.plain());
    assertTrue(
        rollouts
            .notes()
            .contains("Column logprobs has lists of objects; one number of each is read."),
        rollouts.notes().toString());
  }

  @Test
  void rewardsByTokenAreNoRewards() throws IOException {
    String row = "{\"prompt_id\":1,\"rewards\":[0,1],\"log_prob\":[-1,-2]}";
    String told =
        String.valueOf(
            assertThrows(
                    ProblemException.class,
                    () -> assertEquals(0, read(row, Reading.plain()).slots().length))
                .getMessage());
    assertTrue(told.contains("--columns token_reward=rewards for a list by token"), told);
  }
}
