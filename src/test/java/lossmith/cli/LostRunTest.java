package lossmith.cli;

import static lossmith.cli.SmallRuns.rows;
import static lossmith.cli.SmallRuns.small;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that ends in the middle of a step says why, and leaves what there is to look at. */
class LostRunTest {
  @Test
  void aLossThatIsNoNumberEndsTheRunInOneLine(@TempDir Path folder) throws Exception {
    String objective =
        "maximise(ratio().log().log().weightedBy(reward().per(TOKEN)).mean(ALL_TOKENS))";
    List<String> typed = small(folder, "run", "--steps", "3", "--recipe", objective);
    assertTrue(typed.remove("--no-report"));
    Typed run = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("a loss of NaN by the sub-term log(log(r)) where"), run.err());
    assertLeft(folder.resolve("run"), run, "log(log(r))");
  }

  @Test
  void aPolicyThatIsLostLeavesWhatItWasLearningFrom(@TempDir Path folder) throws Exception {
    String away = "minimise(logProb().mean(ALL_TOKENS))";
    List<String> typed =
        small(folder, "run", "--recipe", away, "--learning-rate", "1", "--minibatches", "4");
    assertTrue(typed.remove("--no-report"));
    Typed run = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("nats per token from that which sampled"), run.err());
    assertLeft(folder.resolve("run"), run, "nats per token from that which sampled");
  }

  /**
   * A page that says why it ended, the steps that were made, and the batch of the one that failed.
   */
  private static void assertLeft(Path run, Typed typed, String why) throws Exception {
    assertTrue(typed.out().contains("Report: " + run.resolve("report.html")), typed.out());
    String page = Files.readString(run.resolve("report.html"));
    long made = rows(run).size();
    assertTrue(page.contains("ended at step " + made + ": ") && page.contains(why), "says why");
    assertTrue(page.contains("All 16 responses."), "the batch");
    assertEquals(made, number("SELECT count(*) FROM '" + run.resolve("metrics.parquet") + "'"));
    String batch = Files.readString(run.resolve("batch.jsonl"));
    assertEquals(16, batch.lines().count());
    assertFalse(batch.contains("NaN"), batch);
    assertTrue(batch.lines().allMatch(line -> line.startsWith("{\"step\":" + made)), batch);
    Typed score = Typed.withRecipes("score", "" + run.resolve("batch.jsonl"), "--recipe", "grpo");
    assertEquals(0, score.exit(), score.err());
  }

  /** What DuckDB answers. */
  private static long number(String query) throws Exception {
    try (var database = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        var statement = database.createStatement();
        var result = statement.executeQuery(query)) {
      assertTrue(result.next());
      return result.getLong(1);
    }
  }
}
