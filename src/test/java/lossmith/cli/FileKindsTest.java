package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import lossmith.dsl.Level;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files have in their columns: names of trainers, types of Parquet, columns of few losses. */
final class FileKindsTest {
  private static final String ROW =
      "{\"prompt_id\":1,\"tokens\":[5,6],\"reward\":%s,\"log_prob\":[-1,-2],"
          + "\"old_log_prob\":[-1,-2],\"ref_log_prob\":[-1,-2],\"rollout_log_prob\":[-1,-2],"
          + "\"response_mask\":[1,0]}\n";

  @TempDir Path folder = Path.of("");

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Rollouts read(Path file, Map<String, String> columns) {
    return RolloutFile.read(
        file, new Reading(columns, List.empty(), List.empty(), LinkedHashMap.empty(), false));
  }

  private JsonNode score(Path file, String recipe) throws IOException {
    Path json = folder.resolve("scores.json");
    Typed run =
        Typed.withRecipes("score", file.toString(), "--recipe", recipe, "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    return new ObjectMapper().readTree(json.toFile()).get("scores").get(0);
  }

  /** The names under which dumps of trainers were seen. */
  @ParameterizedTest
  @CsvSource({
    "prompt_id, uid index group_id",
    "tokens, token_ids response_ids completion_ids output_ids",
    "reward, score rewards reward_score acc",
    "log_prob, logprobs log_probs new_log_probs per_token_logps trainer_logprobs",
    "old_log_prob, old_log_probs old_logprobs old_per_token_logps",
    "ref_log_prob, ref_logprobs ref_per_token_logps",
    "rollout_log_prob, inference_logprobs sampling_per_token_logps rollout_log_probs vllm_logprobs",
    "response_mask, loss_mask completion_mask action_mask tool_mask"
  })
  void everyNameIsReadAsWhatItMeans(String here, String others) throws IOException {
    for (String other : others.split(" ", -1)) {
      String text =
          (ROW.formatted(1) + ROW.formatted(0)).replace('"' + here + '"', '"' + other + '"');
      Rollouts rollouts = read(write("n.jsonl", text), LinkedHashMap.empty());
      assertTrue(rollouts.notes().head().contains(other + " → " + here), other);
      assertEquals(2, rollouts.samples().tokens(), other);
      assertEquals(1, rollouts.samples().size(Level.Name.GROUP), other);
    }
  }

  @Test
  void objectsUnderAnyNameOfLogProbsGiveTheirLogProb() throws IOException {
    for (String name : List.of("log_prob", "per_token_logps", "logprobs")) {
      String row =
          "{\"prompt_id\":1,\"reward\":1,\""
              + name
              + "\":[{\"token\":\"a\",\"id\":7,\"logprob\":-1},{\"id\":8,\"logprob\":-2}]}\n";
      Rollouts rollouts = read(write("o.jsonl", row + row), LinkedHashMap.empty());
      assertArrayEquals(
          new double[] {-1, -2, -1, -2}, rollouts.samples().column("log_prob").get(), name);
    }
  }

  /** Two rows of which all is equal but the reward. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reward | {'score': r, 'form': 9} | reward.score",
        "reward | r::DECIMAL(9, 3) | ",
        "reward | r::FLOAT | ",
        "reward | r::VARCHAR | ",
        "reward | r = 1 | ",
        "log_prob | [{'token': 'a', 'logprob': -1.0}, {'token': 'b', 'logprob': -2.0}] | ",
        "log_prob | [[-1.0], [-2.0]] | ",
        "log_prob | [[]::DOUBLE[], [-1.0, -2.0]] | ",
        "log_prob | [-1, -2]::TINYINT[] | ",
        "log_prob | [-1, -2]::FLOAT[] | ",
        "log_prob | [-1, -2]::DECIMAL(9, 2)[] | ",
        "response_mask | [true, true] | ",
        "response_mask | [1, 1]::UTINYINT[] | ",
        "prompt_id | 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'::UUID | ",
        "prompt_id | 170141183460469231731687303715884105727::HUGEINT | ",
        "prompt_id | 1.5 | ",
        "prompt_id | '007' | ",
        "prompt_id | true | ",
        "extra | MAP {'a': 1} | ",
        "extra | '\\xAA'::BLOB | ",
        "extra | TIMESTAMP '2026-01-01 00:00:00' | ",
        "extra | NULL | "
      })
  void typesOfParquet(String name, String value, String path) throws Exception {
    LinkedHashMap<String, String> columns =
        LinkedHashMap.of(
            "prompt_id", "1", "reward", "r", "log_prob", "[-1.0, -2.0]", "response_mask", "[1, 1]");
    String select = columns.put(name, value).map(one -> one._2 + " AS " + one._1).mkString(", ");
    Path file = folder.resolve("t.parquet");
    parquet("SELECT " + select + " FROM (VALUES (0), (1)) rows(r)", file);
    Rollouts rollouts =
        read(file, path == null ? LinkedHashMap.empty() : LinkedHashMap.of("reward", path));
    assertArrayEquals(new double[] {-1, -2, -1, -2}, rollouts.samples().column("log_prob").get());
    assertArrayEquals(new double[] {0, 1}, rollouts.samples().column("reward").get());
    assertEquals(1, rollouts.samples().size(Level.Name.GROUP));
  }

  private static void parquet(String query, Path to) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      assertFalse(statement.execute("COPY (" + query + ") TO '" + to + "' (FORMAT parquet)"));
    }
  }

  /** A = ∓1, so each of the two tokens of the policy has the gradient ±1/2. */
  @Test
  void rewardsThatSquareBeyondDoubles() throws IOException {
    JsonNode score = score(write("l.jsonl", ROW.formatted(0) + ROW.formatted("1e200")), "grpo");
    assertEquals(0, score.get("loss").asDouble(), 1e-15);
    assertEquals(Math.sqrt(0.5), score.get("gradient_norm").asDouble(), 1e-15);
  }

  /** It is a name of ours, which this recipe does not read. */
  @Test
  void aKnownNameIsNoMisspelling() throws IOException {
    String text = ROW.replace("\"reward\"", "\"return\":[1,1],\"reward\"");
    Path file = write("k.jsonl", text.formatted(0) + text.formatted(1));
    assertEquals("grpo", score(file, "grpo").get("recipe").asText());
  }

  @Test
  void signsThatAreNoPairsHurtNobodyElse() throws IOException {
    String text = ROW.replace("\"reward\"", "\"sign\":1,\"reward\"");
    Path file = write("s.jsonl", text.formatted(0) + text.formatted(1));
    assertEquals("grpo", score(file, "grpo").get("recipe").asText());
    String note = "the prompt of row 1 does not have two responses with sign 1 and -1";
    assertTrue(read(file, LinkedHashMap.empty()).notes().mkString().contains(note));
    Typed dpo = Typed.withRecipes("score", file.toString(), "--recipe", "dpo");
    assertEquals(2, dpo.exit());
    assertTrue(dpo.err().contains("pair: got dpo on responses that are no pairs: " + note));
    String pair = text.formatted(0) + text.replace("\"sign\":1", "\"sign\":-1").formatted(1);
    assertEquals("dpo", score(write("p.jsonl", pair), "dpo").get("recipe").asText());
  }
}
