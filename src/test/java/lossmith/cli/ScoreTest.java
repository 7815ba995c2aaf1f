package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import lossmith.dsl.Axis;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.rollouts.NpyFile;
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
    assertEquals(0, row.get("below").asDouble());
    assertEquals(0.5, row.get("above").asDouble());
    assertTrue(row.get("clip_fraction_high").isNull());
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

  /** A surrogate with a penalty made of steps, which teaches nothing, whatever the policy. */
  public static final class Steps implements Recipe {
    @Override
    public Card card() {
      return Card.of("steps", "a penalty without a gradient", Recipes.all().head().source());
    }

    @Override
    public Loss loss(Conventions c) {
      var steps = Terms.logProb().above(Terms.constant(-1, Axis.TOKEN)).indicator();
      return new Typed.Clipped()
          .loss(c)
          .plus(Terms.minimise(steps.mean(Over.ALL_TOKENS)).as("steps"));
    }
  }

  @Test
  void aDeadPartIsRefusedAndProvedWrong() throws Exception {
    Typed run = Typed.run("score", two().toString(), "--recipe", Steps.class.getName());
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("a loss whose part steps has the gradient 0"), run.err());
    Typed proof =
        Typed.run("prove", Steps.class.getName(), "--law", "declared-inputs", "--cases", "1");
    assertEquals(1, proof.exit(), proof.err());
    assertTrue(proof.out().contains("a loss whose part steps has the gradient 0"), proof.out());
  }

  @Test
  void whatIsNotInTheFileIsSaid() throws Exception {
    Path file =
        Files.writeString(folder.resolve("old.jsonl"), TWO.replace(",\"old_log_prob\":[-1.0]", ""));
    Path json = folder.resolve("scores.json");
    Typed run = Typed.run("score", file.toString(), "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    var row = new ObjectMapper().readTree(json.toFile()).get("scores").get(0);
    assertEquals(0, row.get("loss").asDouble(), 1e-12); // r = 1 in both, A = ±1/2
    assertTrue(
        run.out().contains("old_log_prob: not in the file; in its place sg(log π(y_t))"),
        run.out());
  }

  @Test
  void everyTokenIsWritten() throws Exception {
    Path tokens = folder.resolve("tokens.parquet");
    Typed run = Typed.run("score", two().toString(), "--tokens", tokens.toString());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("advantage: no term of this objective is named A"), run.out());
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT ratio, weight, bounds, advantage FROM read_parquet('"
                    + tokens
                    + "') ORDER BY sequence")) {
      assertTrue(rows.next());
      assertEquals(Math.exp(0.5), rows.getDouble(1), 1e-12);
      assertTrue(rows.getDouble(2) == 0);
      assertEquals("above", rows.getString(3));
      assertTrue(rows.getObject(4) == null);
      assertTrue(rows.next());
      assertEquals(0.25, rows.getDouble(2), 1e-12);
      assertEquals("inside", rows.getString(3));
      assertFalse(rows.next());
    }
  }

  /** 1 − 0 and 0 − 1 of leave-one-out; r of the first response is e^0.5; no clip in log-prob. */
  @Test
  void everyRecipeHasItsOwnColumns() throws Exception {
    Path tokens = folder.resolve("tokens.parquet");
    Typed run =
        Typed.run(
            "score",
            two().toString(),
            "--recipe",
            "leave-one-out,group-centred+log-prob",
            "--tokens",
            tokens.toString());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("ratio: no term of this objective is named r (1 of 2)"));
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT advantage, ratio, bounds FROM read_parquet('"
                    + tokens
                    + "') ORDER BY recipe DESC, sequence")) {
      assertTrue(rows.next());
      assertEquals(1, rows.getDouble(1), 1e-12);
      assertEquals(Math.exp(0.5), rows.getDouble(2), 1e-12);
      assertEquals("above", rows.getString(3));
      assertTrue(rows.next());
      assertEquals(-1, rows.getDouble(1), 1e-12);
      assertTrue(rows.next());
      assertEquals(0.5, rows.getDouble(1), 1e-12);
      assertTrue(rows.getObject(2) == null && rows.getObject(3) == null);
      assertTrue(rows.next());
      assertEquals(-0.5, rows.getDouble(1), 1e-12);
      assertFalse(rows.next());
    }
  }

  /** e^799 of the first token is held at e^700. */
  @Test
  void saturatedTokensAreCountedInTheTable() throws Exception {
    Path far =
        Files.writeString(
            folder.resolve("far.jsonl"),
            TWO.replaceFirst("\"old_log_prob\":\\[-1.0\\]", "\"old_log_prob\":[-800]"));
    Path json = folder.resolve("scores.json");
    Typed run = Typed.run("score", far.toString(), "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().startsWith("check: 1 error"), run.out());
    assertTrue(run.out().lines().skip(1).findFirst().get().endsWith("saturated"), run.out());
    assertTrue(run.out().lines().skip(2).findFirst().get().endsWith(" 1"), run.out());
    assertTrue(run.out().contains("Saturated: tokens"), run.out());
    var row = new ObjectMapper().readTree(json.toFile()).get("scores").get(0);
    assertEquals(1, row.get("saturated").asInt());
    assertFalse(Typed.run("score", two().toString()).out().contains("aturated"));
  }

  /** Logits (2, 1, 0) at temperature 1/2, beside columns that were recorded at 1. */
  @Test
  void aTemperatureIsThatOfAllRecipes() throws Exception {
    Path logits = folder.resolve("logits.npy");
    Files.write(logits, NpyFile.doubles(new double[][] {{2, 1, 0}, {2, 1, 0}}));
    String row =
        "{\"prompt_id\":1,\"tokens\":[%d],\"reward\":%d,\"log_prob\":[%s],\"entropy\":[0.832396]}\n";
    Path file =
        Files.writeString(
            folder.resolve("r.jsonl"),
            row.formatted(0, 1, "-0.407606") + row.formatted(1, 0, "-1.407606"));
    Path json = folder.resolve("s.json");
    Typed run =
        Typed.run(
            "score",
            file.toString(),
            "--logits",
            logits.toString(),
            "--set",
            "temperature=0.5",
            "--recipe",
            "log-prob,negative-entropy",
            "--json",
            json.toString());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("from the logits at temperature 0.5"), run.out());
    var tree = new ObjectMapper().readTree(json.toFile());
    assertEquals(0.5, tree.get("policy").get("temperature").asDouble());
    for (var score : tree.get("scores")) {
      assertEquals(0.44105744405, score.get("entropy").asDouble(), 1e-9);
    }
    double first = -0.1429316285;
    double second = -2.1429316285;
    // A is 1 and −1.
    assertEquals(-(first - second) / 2, tree.get("scores").get(0).get("loss").asDouble(), 1e-9);
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
