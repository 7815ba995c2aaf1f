package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rows in each form; DuckDB reads the CSV back. */
class FormatTest {
  private static final String ROWS =
      """
      {"prompt_id":"a","tokens":[0],"reward":1,"log_prob":[-0.5],"old_log_prob":[-1.0]}
      {"prompt_id":"a","tokens":[1],"reward":0,"log_prob":[-1.0],"old_log_prob":[-1.0]}
      """;

  @TempDir Path folder = Path.of("");

  private String rollouts() throws Exception {
    return Files.writeString(folder.resolve("two.jsonl"), ROWS).toString();
  }

  private static Typed fine(String... args) {
    Typed run = Typed.withRecipes(args);
    assertEquals(0, run.exit(), run.err());
    return run;
  }

  private static JsonNode json(String... args) throws Exception {
    return new ObjectMapper().readTree(fine(args).out());
  }

  /** What a database makes of CSV with a line of names: a list for each row. */
  private List<List<String>> read(String csv, String columns) throws Exception {
    Path file = Files.writeString(folder.resolve("read.csv"), csv);
    List<List<String>> rows = new ArrayList<>();
    String query = "select %s from read_csv('%s', header = true, all_varchar = true)";
    try (var duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement();
        var found = statement.executeQuery(query.formatted(columns, file))) {
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int c = 1; c <= found.getMetaData().getColumnCount(); c++) {
          row.add(String.valueOf(found.getString(c)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void scoresHaveTheSameNumbersAndNamesInEachForm() throws Exception {
    String file = rollouts();
    String[] args = {"score", file, "--recipe", "grpo,dapo", "--format", "csv"};
    Typed csv = fine(args);
    args[5] = "json";
    JsonNode scores = json(args).path("scores");
    String columns = "recipe, loss, clip_fraction_high, gradient_norm, forecast_logits";
    List<List<String>> rows = read(csv.out(), columns);
    assertEquals(2, rows.size());
    for (int row = 0; row < 2; row++) {
      JsonNode score = scores.path(row);
      assertEquals(score.path("recipe").asText(), rows.get(row).get(0));
      assertEquals(score.path("loss").asDouble(), Double.parseDouble(rows.get(row).get(1)));
      assertEquals(
          score.path("clip_fraction_high").asDouble(), Double.parseDouble(rows.get(row).get(2)));
      assertEquals(
          score.path("gradient_norm").asDouble(), Double.parseDouble(rows.get(row).get(3)));
      assertTrue(score.path("forecast_logits").isNull());
      assertEquals("null", rows.get(row).get(4));
    }
    args[5] = "markdown";
    List<String> lines = fine(args).out().lines().toList();
    assertEquals(4, lines.size());
    assertTrue(lines.get(0).startsWith("| recipe | loss | below |"), lines.get(0));
    assertTrue(lines.get(1).startsWith("| --- | ---: |"), lines.get(1));
    args[5] = "table";
    Typed table = fine(args);
    assertTrue(table.out().contains("clip frac high"), table.out());
    assertTrue(table.out().contains("dH logits: needs --logits"), table.out());
    JsonNode partial = json("score", file, "--recipe", "reinforce", "--format", "json");
    for (String missing : new String[] {"below", "above", "clip_fraction_low", "forecast_logits"}) {
      assertTrue(partial.at("/scores/0").has(missing), missing);
      assertTrue(partial.at("/scores/0/" + missing).isNull(), missing);
      assertTrue(partial.at("/scores/0/notes").has(missing), missing);
    }
    assertEquals("needs --logits", scores.path(0).path("notes").path("forecast_logits").asText());
  }

  @Test
  void whatIsSaidBesideTheRowsIsNotAmongThem() throws Exception {
    Path tokens = folder.resolve("t.parquet");
    String[] args = {"score", rollouts(), "--recipe", "grpo", "--format", "json", "--top-tokens"};
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("1", "--tokens", tokens.toString()));
    Typed run = fine(all.toArray(String[]::new));
    assertEquals(1, new ObjectMapper().readTree(run.out()).path("scores").size());
    assertTrue(run.err().contains("Where grpo pulls hardest"), run.err());
  }

  @Test
  void theFileIsWhatIsPrinted() throws Exception {
    Path file = folder.resolve("found.json");
    for (String command : List.of("score", "check", "recipes")) {
      String[] args =
          command.equals("recipes")
              ? new String[] {command, "--format", "json", "--json", file.toString()}
              : new String[] {command, rollouts(), "--format", "json", "--json", file.toString()};
      JsonNode printed = json(args);
      assertEquals(new ObjectMapper().readTree(file.toFile()), printed, command);
    }
  }

  @Test
  void cellsWithCommasQuotesAndListsStayCells() throws Exception {
    JsonNode all = json("recipes", "--format", "json");
    List<List<String>> rows =
        read(fine("recipes", "--format", "csv").out(), "recipe, title, columns");
    assertEquals(all.size(), rows.size());
    boolean comma = false;
    for (int row = 0; row < all.size(); row++) {
      List<String> columns = new ArrayList<>();
      all.path(row).path("columns").forEach(column -> columns.add(column.asText()));
      String title = all.path(row).path("title").asText();
      comma |= title.contains(",");
      assertEquals(
          List.of(all.path(row).path("recipe").asText(), title, String.join("; ", columns)),
          rows.get(row));
    }
    assertTrue(comma, "no title that needs quotes");
    JsonNode found = json("recipes", "dapo", "--format", "json");
    assertTrue(found.size() > 1 && found.size() < all.size(), "" + found.size());
  }

  @Test
  void recipesForAFileSayWhatIsMissing() throws Exception {
    JsonNode rows = json("recipes", "--for", rollouts(), "--format", "json");
    for (JsonNode row : rows) {
      assertEquals(row.path("can_be_scored").asBoolean(), row.path("missing").isNull(), "" + row);
      if (row.path("recipe").asText().equals("grpo")) {
        assertTrue(row.path("can_be_scored").asBoolean());
      }
      if (row.path("recipe").asText().equals("distil-top-k-tail")) {
        assertFalse(row.path("can_be_scored").asBoolean());
      }
    }
  }

  @Test
  void differencesFindingsAndFitsAreRowsToo() throws Exception {
    String file = rollouts();
    String[] compare = {"compare", "grpo", "cispo", file, "--format", "json"};
    JsonNode difference = json(compare);
    int differing = difference.path("differing").asInt();
    assertEquals(differing, difference.path("differing_most").size());
    compare[5] = "csv";
    assertEquals(differing, read(fine(compare).out(), "token, first, second, most_by").size());
    String damaged = ROWS.replace("[-0.5]", "[0.5]");
    Path wrong = Files.writeString(folder.resolve("wrong.jsonl"), damaged);
    Typed check = Typed.withRecipes("check", wrong.toString(), "--format", "csv");
    assertEquals(1, check.exit(), check.err());
    assertTrue(
        read(check.out(), "severity").stream().anyMatch(row -> row.get(0).equals("error")),
        check.out());
    String points = "entropy,reward\n0,1\n1,0.5\n2,-0.7\n";
    Path run = Files.writeString(folder.resolve("points.csv"), points);
    String[] fit = {"fit", run.toString(), "--format", "csv"};
    List<List<String>> estimates = read(fine(fit).out(), "name, value");
    fit[3] = "json";
    JsonNode exact = json(fit);
    assertEquals("b", estimates.get(1).get(0));
    assertEquals(
        exact.path("b").path("value").asDouble(), Double.parseDouble(estimates.get(1).get(1)));
    assertEquals("r_squared", estimates.get(2).get(0));
  }

  @Test
  void anotherFormIsRefused() throws Exception {
    Typed run = Typed.withRecipes("score", rollouts(), "--format", "xml");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("table, csv, json or markdown"), run.err());
  }
}
