package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreTest {
  /** Two responses, one token each: r = e^0.5 with A = 1/2, r = 1 with A = −1/2; clip at 1.28. */
  private static final String TWO =
      """
      {"prompt_id":"a","tokens":[0],"reward":1,"log_prob":[-0.5],"old_log_prob":[-1.0],"entropy":[0.7]}
      {"prompt_id":"a","tokens":[1],"reward":0,"log_prob":[-1.0],"old_log_prob":[-1.0],"entropy":[0.3]}
      """;

  @TempDir Path folder = Path.of("");

  private Path two() throws Exception {
    return Files.writeString(folder.resolve("two.jsonl"), TWO);
  }

  @Test
  void theNumbersAreThoseOfTheFormula() throws Exception {
    Path json = folder.resolve("scores.json");
    Typed run = Typed.run("score", two().toString(), "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    var row = new ObjectMapper().readTree(json.toFile()).get("scores").get(0);
    assertEquals("clipped", row.get("recipe").asText());
    assertEquals(-(1.28 * 0.5 - 0.5) / 2, row.get("loss").asDouble(), 1e-12);
    assertEquals(0, row.get("clip_low").asDouble());
    assertEquals(0.5, row.get("clip_high").asDouble());
    assertEquals(-0.25, row.get("kl").asDouble(), 1e-12);
    assertEquals(0.25, row.get("gradient_norm").asDouble(), 1e-12);
    assertEquals(0.5, row.get("zero_gradient").asDouble());
    assertEquals(0.5, row.get("entropy").asDouble(), 1e-12);
    assertEquals(0.25 * (-1.0 + 0.3), row.get("forecast_natural").asDouble(), 1e-12);
    assertTrue(row.get("forecast_logits").isNull());
    assertTrue(run.out().contains("needs --logits"), run.out());
  }

  @Test
  void aParameterIsFed() throws Exception {
    Path json = folder.resolve("scores.json");
    Typed run =
        Typed.run("score", two().toString(), "--set", "high=0.1", "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    var row = new ObjectMapper().readTree(json.toFile()).get("scores").get(0);
    assertEquals(-(1.1 * 0.5 - 0.5) / 2, row.get("loss").asDouble(), 1e-12);
  }

  @Test
  void aUsersClassIsARecipe() throws Exception {
    Typed run = Typed.run("score", two().toString(), "--recipe", Typed.Clipped.class.getName());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("-0.07000"), run.out());
  }

  @Test
  void everyTokenIsWritten() throws Exception {
    Path tokens = folder.resolve("tokens.parquet");
    Typed run = Typed.run("score", two().toString(), "--tokens", tokens.toString());
    assertEquals(0, run.exit(), run.err());
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT ratio, weight, clip FROM read_parquet('"
                    + tokens
                    + "') ORDER BY sequence")) {
      assertTrue(rows.next());
      assertEquals(Math.exp(0.5), rows.getDouble(1), 1e-12);
      assertTrue(rows.getDouble(2) == 0);
      assertEquals("high", rows.getString(3));
      assertTrue(rows.next());
      assertEquals(0.25, rows.getDouble(2), 1e-12);
      assertEquals("inside", rows.getString(3));
      assertFalse(rows.next());
    }
  }

  /**
   * With logits the forecast is the change of entropy that moving the logits against the gradient
   * brings.
   */
  @Test
  void theForecastIsThatOfASmallStep() throws Exception {
    double[][] z = {{0.3, -0.4, 0.1}, {1.0, 0.2, -0.7}};
    Path logits = folder.resolve("logits.npy");
    Files.write(logits, NpyFile.doubles(z));
    String rows =
        "{\"prompt_id\":1,\"tokens\":[0],\"reward\":1,\"log_prob\":[%s]}\n{\"prompt_id\":1,\"tokens\":[2],\"reward\":0,\"log_prob\":[%s]}\n"
            .formatted(logPi(z[0])[0], logPi(z[1])[2]);
    Path file = Files.writeString(folder.resolve("r.jsonl"), rows);
    Path json = folder.resolve("s.json");
    Typed run =
        Typed.run(
            "score", file.toString(), "--logits", logits.toString(), "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    double step = 1e-6;
    double change = 0;
    double[] weight = {-0.25, 0.25};
    int[] taken = {0, 2};
    for (int t = 0; t < 2; t++) {
      double[] moved = z[t].clone();
      for (int v = 0; v < 3; v++) {
        double slope = weight[t] * ((v == taken[t] ? 1 : 0) - Math.exp(logPi(z[t])[v]));
        moved[v] -= step * slope;
      }
      change += (entropy(moved) - entropy(z[t])) / step;
    }
    var row = new ObjectMapper().readTree(json.toFile()).get("scores").get(0);
    assertEquals(change, row.get("forecast_logits").asDouble(), 1e-5 * Math.abs(change));
  }

  private static double[] logPi(double[] z) {
    double sum = 0;
    for (double x : z) {
      sum += Math.exp(x);
    }
    double log = Math.log(sum);
    return java.util.Arrays.stream(z).map(x -> x - log).toArray();
  }

  private static double entropy(double[] z) {
    return java.util.Arrays.stream(logPi(z)).map(x -> -Math.exp(x) * x).sum();
  }
}
