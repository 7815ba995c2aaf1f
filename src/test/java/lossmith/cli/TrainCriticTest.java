package lossmith.cli;

import static lossmith.cli.SmallRuns.small;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCriticTest {
  /** Of an objective that is written of parts. */
  @Test
  void aCriticIsShownAndItsColumnsAreKept(@TempDir Path folder) throws Exception {
    List<String> typed =
        small(folder, "run", "--recipe", "clip+gae+value-error-clipped", "--steps", "2");
    typed.remove("--no-report");
    Typed run = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(0, run.exit(), run.err());
    String page = Files.readString(folder.resolve("run/report.html"));
    for (String held : List.of("critic/vf_loss", "critic/vf_explained_var", "All 16 responses.")) {
      assertTrue(page.contains(held), held);
    }
    assertFalse(page.contains("for want of a column"));
    JsonNode row =
        new ObjectMapper().readTree(Files.readAllLines(folder.resolve("run/batch.jsonl")).get(0));
    int last = row.get("tokens").size() - 1;
    double old = row.get("old_value").get(last).asDouble();
    assertEquals(row.get("reward").asDouble(), row.get("token_reward").get(last).asDouble());
    // Behind the last token nothing follows: A = R − V, to which V is added.
    assertEquals(row.get("reward").asDouble(), row.get("return").get(last).asDouble(), 1e-12);
    double before = row.get("old_value").get(last - 1).asDouble();
    double error = old - before + 0.95 * (row.get("reward").asDouble() - old);
    assertEquals(before + error, row.get("return").get(last - 1).asDouble(), 1e-12);
    assertEquals(last + 1, row.get("value").size());
  }

  /** By nobody, or by half of an objective. */
  @Test
  void discountsThatAreNotReadAreRefused(@TempDir Path folder) {
    Typed without = SmallRuns.train(folder, "run", "--recipe", "grpo", "--gamma", "0.9");
    assertEquals(2, without.exit(), without.out());
    assertTrue(without.err().contains("--gamma 0.9 for grpo, which has no critic"), without.err());
    Typed half =
        SmallRuns.train(folder, "run", "--recipe", "clip+gae+value-error", "--gae-lambda", "1");
    assertEquals(2, half.exit(), half.out());
    assertTrue(half.err().contains("whose advantage has a GAE of its own"), half.err());
    assertFalse(Files.exists(folder.resolve("run")));
  }

  @Test
  void discountsAreToldWhereTheyAreRead(@TempDir Path folder) throws Exception {
    List<String> typed = small(folder, "run", "--recipe", "ppo-actor-critic", "--steps", "1");
    typed.addAll(List.of("--gamma", "0.9", "--gae-lambda", "0.8"));
    typed.remove("--no-report");
    Typed run = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(0, run.exit(), run.err());
    String page = Files.readString(folder.resolve("run/report.html"));
    assertTrue(page.contains("returns of a critic by gamma 0.9, lambda 0.8"));
    JsonNode row =
        new ObjectMapper().readTree(Files.readAllLines(folder.resolve("run/batch.jsonl")).get(0));
    int last = row.get("tokens").size() - 1;
    double old = row.get("old_value").get(last).asDouble();
    double before = row.get("old_value").get(last - 1).asDouble();
    double error = 0.9 * old - before + 0.9 * 0.8 * (row.get("reward").asDouble() - old);
    assertEquals(before + error, row.get("return").get(last - 1).asDouble(), 1e-12);
  }

  @Test
  void discountsOutOfRangeAreNamed(@TempDir Path folder) {
    Typed run = SmallRuns.train(folder, "run", "--gamma", "1.5", "--gae-lambda", "-0.1");
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("--gamma 1.5") && run.err().contains("--gae-lambda -0.1"));
  }

  @Test
  void aLossOfTheCriticAloneIsRefused(@TempDir Path folder) {
    Typed run = SmallRuns.train(folder, "run", "--recipe", "value-clipped");
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("value-clipped, which trains a critic and no policy"), run.err());
  }
}
