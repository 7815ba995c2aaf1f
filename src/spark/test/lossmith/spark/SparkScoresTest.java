package lossmith.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.List;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import lossmith.recipes.catalogue.Recipes;
import lossmith.rollouts.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark in this process gives the table of one machine. */
class SparkScoresTest {
  private static final List<String> SPARK = List.of("--engine", "spark", "--master", "local[2]");

  @Test
  void everyRecipeHasTheSameRow(@TempDir Path folder) throws IOException {
    List<String> args = EveryColumn.write(folder);
    JsonNode expected = Commands.scores(folder, args);
    assertEquals(Recipes.all().size(), expected.get("scores").size(), "every recipe is scored");
    Commands.same("every column", expected, Commands.scores(folder, args.appendAll(SPARK)));
  }

  @Test
  void theSampleHasTheSameRowsAndTokens(@TempDir Path folder) throws Exception {
    Path rollouts = folder.resolve("rollouts.parquet");
    for (Path file : List.of(rollouts, folder.resolve("logits.npy"))) {
      try (InputStream in =
          Objects.requireNonNull(
              Sample.class.getResourceAsStream("/sample/" + file.getFileName()))) {
        assertTrue(Files.copy(in, file) > 0);
      }
    }
    Path here = folder.resolve("here.parquet");
    Path there = folder.resolve("there");
    List<String> args =
        List.of(
            rollouts.toString(), "--logits", folder.resolve("logits.npy").toString(), "--tokens");
    JsonNode expected = Commands.scores(folder, args.append(here.toString()));
    JsonNode found = Commands.scores(folder, args.append(there.toString()).appendAll(SPARK));
    assertTrue(expected.get("scores").size() > 40);
    Commands.same("sample", expected, found);
    sameTokens(here.toString(), there + "/*.parquet");
  }

  /** The same rows, each once, whatever their order. */
  private static void sameTokens(String here, String there) throws SQLException {
    String near = "abs(a.%1$s - b.%1$s) <= 1e-12 * greatest(1, abs(a.%1$s))";
    String both = "(a.%1$s IS NULL AND b.%1$s IS NULL OR " + near + ")";
    String equal =
        List.of("ratio", "advantage", "weight", "entropy", "entropy_change_logits")
            .map(both::formatted)
            .mkString(" AND ");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet counts =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM '"
                    + here
                    + "'), (SELECT count(*) FROM '"
                    + there
                    + "'), (SELECT count(*) FROM '"
                    + here
                    + "' a JOIN '"
                    + there
                    + "' b ON a.recipe = b.recipe AND a.sequence = b.sequence AND a.position ="
                    + " b.position AND a.prompt = b.prompt AND a.bounds IS NOT DISTINCT FROM"
                    + " b.bounds AND "
                    + equal
                    + ")")) {
      assertTrue(counts.next());
      assertTrue(counts.getLong(1) > 0);
      assertEquals(counts.getLong(1), counts.getLong(2));
      assertEquals(counts.getLong(1), counts.getLong(3));
    }
  }

  /** Most prompts have no token of the policy, and so some parts; one response has no reward. */
  @Test
  void commaSeparatedValuesAndPartsWithoutATokenAreRead(@TempDir Path folder) throws IOException {
    StringBuilder text = new StringBuilder("uid,reward,note,log_prob,old_log_prob,response_mask\n");
    for (int row = 0; row < 24; row++) {
      String mask = row % 12 < 8 ? "0,0" : "1,1";
      text.append("\"12e").append(row % 12).append("\",").append(row == 9 ? "" : row % 5);
      text.append(",\"two\nlines, \"\"quoted\"\"\",\"[-0.5,-").append(row).append(".25]\",");
      text.append("\"[-0.6,-").append(row).append(".5]\",\"[").append(mask).append("]\"\n");
    }
    String file = Files.writeString(folder.resolve("r.csv"), text).toString();
    List<String> args = List.of(file, "--recipe", "grpo,dapo,reinforce,gspo");
    Commands.same(
        "csv", Commands.scores(folder, args), Commands.scores(folder, args.appendAll(SPARK)));
  }

  @Test
  void incompletePromptsAreLeftOutOfTheWhole(@TempDir Path folder) throws IOException {
    List<String> rows =
        List.range(0, 21)
            .map(
                row ->
                    "{\"id\": "
                        + (row % 6)
                        + "e1, \"reward\": "
                        + (row % 4)
                        + ",\n \"log_prob\": [-1, -0."
                        + (row + 10)
                        + "], \"old_log_prob\": [-1.1, -0.3]}");
    String file =
        Files.writeString(folder.resolve("r.json"), rows.mkString("[", ",\n", "]")).toString();
    List<String> args =
        List.of(file, "--columns", "prompt_id=id", "--drop-incomplete", "--recipe", "grpo,dapo");
    JsonNode expected = Commands.scores(folder, args);
    assertTrue(expected.get("rollouts").toString().contains("9 responses"), expected::toString);
    Commands.same("incomplete", expected, Commands.scores(folder, args.appendAll(SPARK)));
  }
}
