package lossmith.cli;

import static lossmith.cli.SmallRuns.assertTokensAreThoseOf;
import static lossmith.cli.SmallRuns.at;
import static lossmith.cli.SmallRuns.rows;
import static lossmith.cli.SmallRuns.small;
import static lossmith.cli.SmallRuns.train;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainTest {
  @Test
  void aRunLeavesItsNumbersInFilesThatOthersRead(@TempDir Path folder) throws Exception {
    List<String> typed = small(folder, "run", "--steps", "4");
    assertTrue(typed.remove("--no-report"));
    Typed run = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("pass@2"), run.out());
    Path report = folder.resolve("run").resolve("report.html");
    assertTrue(run.out().contains("Report: " + report), run.out());
    assertReport(Files.readString(report));
    assertTrue(run.out().contains("tokens/s; sampling "), run.out());
    SortedMap<Long, JsonNode> rows = rows(folder.resolve("run"));
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L), List.copyOf(rows.keySet()));
    for (String name :
        List.of(
            "actor/entropy",
            "critic/rewards/mean",
            "actor/pg_clipfrac",
            "actor/grad_norm",
            "actor/ppo_kl",
            "response_length/mean",
            "training/tokens")) {
      assertTrue(at(rows, 1L).has(name), name);
    }
    assertTrue(at(rows, 4L).has("val-core/two-ways/pass@2"), at(rows, 4L).toString());
    assertFalse(at(rows, 3L).has("val-core/two-ways/pass@2"), at(rows, 3L).toString());
    assertParquet(folder, rows);
  }

  /** All that a page shows of a run: curves, and the last batch of 4 times 4 responses. */
  private static void assertReport(String page) {
    for (String held :
        List.of(
            "dapo on two-ways",
            "\"name\":\"actor/entropy\"",
            "lossmith/entropy_change_forecast",
            "All 16 responses.",
            "\"name\":\"cispo\"",
            "<end>")) {
      assertTrue(page.contains(held.replace("<", "\\u003c")), held);
    }
  }

  @Test
  void theMicroscopeShowsItsOwnAndSaysWhatItCannot(@TempDir Path folder) throws Exception {
    for (String names : List.of("dpo,grpo", "grpo,dpo")) {
      var typed = small(folder, names, "--compare", names, "--seeds", "1", "--steps", "1");
      typed.remove("--no-report");
      assertEquals(0, Typed.withRecipes(typed.toArray(String[]::new)).exit());
      String page = Files.readString(folder.resolve(names).resolve("report.html"));
      assertEquals(names.startsWith("grpo"), page.contains("want of a column: dpo (the sequence"));
    }
  }

  /** The same numbers, as DuckDB reads them. */
  private static void assertParquet(Path folder, SortedMap<Long, JsonNode> rows) throws Exception {
    Path file = folder.resolve("run").resolve("metrics.parquet");
    double[] read;
    try (var database = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        var statement = database.createStatement();
        var result =
            statement.executeQuery(
                "SELECT \"actor/entropy\" FROM '" + file + "' WHERE step > 0 ORDER BY step")) {
      List<Double> found = new ArrayList<>();
      while (result.next()) {
        found.add(result.getDouble(1));
      }
      read = found.stream().mapToDouble(x -> x).toArray();
    }
    double[] written =
        rows.tailMap(1L).values().stream()
            .mapToDouble(row -> row.get("actor/entropy").asDouble())
            .toArray();
    assertArrayEquals(written, read);
  }

  /**
   * Without a learning rate the policy of the file is the one that the loss was taken at: the whole
   * batch, in one update.
   */
  @Test
  void theRolloutsOfAStepAreReadByScoreAndCheck(@TempDir Path folder) throws Exception {
    List<String> typed =
        small(folder, "run", "--steps", "2", "--minibatches", "1", "--learning-rate", "0");
    typed.addAll(List.of("--rollouts", "--token-rows"));
    assertEquals(0, Typed.withRecipes(typed.toArray(String[]::new)).exit());
    SortedMap<Long, JsonNode> rows = rows(folder.resolve("run"));
    for (long step = 1; step <= 2; step++) {
      String file = folder.resolve("run/rollouts/" + step + ".parquet").toString();
      Path json = folder.resolve(step + ".json");
      Typed score = Typed.withRecipes("score", file, "--recipe", "dapo", "--json", "" + json);
      assertEquals(0, score.exit(), score.err());
      JsonNode found = new ObjectMapper().readTree(json.toFile()).get("scores").get(0);
      double loss = at(rows, step).get("actor/pg_loss").asDouble();
      assertTrue(loss != 0, "a loss that says something");
      assertEquals(loss, found.get("loss").asDouble(), 1e-6 * (1 + Math.abs(loss)));
      assertTokensAreThoseOf(file, folder.resolve("run/tokens/" + step + ".parquet"));
      Typed check = Typed.withRecipes("check", file);
      assertEquals(0, check.exit(), check.out());
      assertFalse(check.out().contains("error"), check.out());
    }
    // The prompts of a step are others than those of the step before.
    Typed both = Typed.withRecipes("check", "" + folder.resolve("run/rollouts"));
    assertTrue(both.out().contains("to 8 prompts"), both.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--recipe clip-cov-given; selected",
        "--recipe nothing; no recipe",
        "--task additon; addition",
        "--steps 0; --steps 0",
        "--steps 1000000000; --steps 1000000000",
        "--size huge; small, usual, large",
        "--width 0; width = 0",
        "--prompts 0; --prompts 0",
        "--group 1; --group 1",
        "--minibatches 5; --minibatches 5",
        "--learning-rate NaN; --learning-rate NaN",
        "--temperature 0; --temperature 0",
        "--samples 1; --k 2",
        "--k 1,9; --k 9",
        "--k few; --k few",
        "--k 2,,4; --k 2,,4",
        "--width 15; a multiple of the heads",
        "--layers 0; layers = 0",
        "--warm-steps -1; --warm-steps -1",
        "--set clip=1; clip_high",
        "--set clip_high=-1; a number in",
        "--adaptive-kl beta; NAME=TARGET",
        "--adaptive-kl beta=0.1; no parameter of dapo",
        "--adaptive-entropy clip_high=-1; target",
        "--checkpoint-every 0; --checkpoint-every 0",
        "--tokens -1; --tokens -1",
        "--compare grpo; two objectives",
        "--compare grpo,nothing; no recipe",
        "--seeds 2; --seeds 2",
        "--seeds 0; --seeds 0",
        "--claims all --seeds 0; --seeds 0",
        "--compare grpo,clip-cov-given; selected",
        "--recipe kto --prompts 1 --minibatches 1; --prompts 1 for kto",
        "--recipe grpo --reference /none; grpo, which reads nothing of a reference",
        "--recipe opd --reference /none; --reference /none, which has no run",
        "--claims nsr-pass-k --samples 64 --k 8; write --k 8,32",
        "--claims all --reference /none; --reference /none beside --claims all",
        "--compare grpo,dapo --recipe gspo; write --compare gspo,grpo,dapo",
        "--claims all --recipe gspo; --recipe gspo beside --claims all",
        "--claims all --compare grpo,dapo; --compare grpo,dapo beside --claims all",
      })
  void whatCannotBeTrainedIsSaid(String typed, String said, @TempDir Path folder) {
    Typed run = train(folder, "run", typed.split(" "));
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains(said), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertFalse(Files.exists(folder.resolve("run")), "nothing is written");
  }

  @Test
  void aPlaceWhereNoRunCanBeIsRefusedBeforeTheDemonstrations(@TempDir Path folder)
      throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Files.createFile(Files.createDirectory(folder.resolve("taken")).resolve("mine"));
    Files.createFile(Files.createDirectories(folder.resolve("two/dapo-1")).resolve("mine"));
    assertRefused(train(folder, "file"), file + ", which is a file");
    assertRefused(train(folder, "file/run"), file.resolve("run") + ", which cannot be written: ");
    assertRefused(train(folder, "file/run"), "Not a directory");
    assertRefused(train(folder, "/proc/none/run"), "the system has no place for /proc/none");
    assertRefused(train(folder, "taken"), "which is not empty");
    assertRefused(train(folder, "two", "--compare", "grpo,dapo"), "which is not empty");
    try (Stream<Path> kept = Files.list(folder.resolve("cache"))) {
      assertEquals(0, kept.count(), "no demonstrations");
    }
    Typed uncached = train(folder, "run", "--cache", file.resolve("cache").toString());
    assertRefused(uncached, "--cache " + file.resolve("cache") + ", which cannot be used: Not a");
    assertFalse(Files.exists(folder.resolve("run")), "nothing is written");
  }

  @Test
  void aRunThatGoesOnTellsAllOfItsSteps(@TempDir Path folder) throws Exception {
    List<String> typed = small(folder, "run", "--steps", "4");
    Typed whole = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(0, whole.exit(), whole.err());
    assertTrue(whole.out().lines().anyMatch(line -> line.matches("0 +.*")), whole.out());
    typed.add("--resume");
    Path rollouts = Files.createDirectories(folder.resolve("run/rollouts"));
    Path left = Files.createDirectory(rollouts.resolve(".lossmith-00000000-1-0000000a.tmp"));
    Path unused =
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    Typed again = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(whole.out(), again.out(), again.err());
    assertFalse(Files.exists(left), "what a killed run left");
  }

  private static void assertRefused(Typed run, String said) {
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains(said), run.err());
  }

  @Test
  void theListSaysWhatCanBeTrainedAndWhyTheRestCannot() {
    Typed list = Typed.withRecipes("train", "--list");
    assertEquals(0, list.exit());
    String[] halves = list.out().split("Recipes that cannot", -1);
    for (String name : new String[] {"  dapo: ", "  cispo: ", "  kl-cov: ", "  addition: "}) {
      assertTrue(halves[0].contains(name), name);
    }
    assertTrue(halves[0].contains("\n    preference: 0, 1 and -1 of the best, "), halves[0]);
    assertTrue(halves[1].contains("  clip-cov-given, which reads selected"), halves[1]);
    assertTrue(halves[0].contains("\n    return: old_value plus GAE, "), halves[0]);
  }

  /** Milliseconds, tokens/s and the four shares of a step. */
  private static boolean isTimes(String line, String name) {
    return name.startsWith("steps")
        ? line.matches(name + " +ms +tokens/s +sampling +network +loss +the rest")
        : line.matches(name + " +[0-9.]+ +[0-9]+( +-?[0-9.]+%){4}");
  }

  @Test
  void objectivesAreComparedFromOneStartOnTheSamePrompts(@TempDir Path folder) throws Exception {
    String[] more = {"--compare", "grpo,ppo-actor-critic", "--seeds", "2", "--steps", "3"};
    Typed run = train(folder, "run", more);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("val-core/two-ways/pass@1, ppo-actor-critic"), run.out());
    for (String row : new String[] {"steps after the first", "grpo", "ppo-actor-critic"}) {
      assertTrue(run.out().lines().anyMatch(line -> isTimes(line, row)), run.out());
    }
    Path place = folder.resolve("run");
    for (int seed = 1; seed <= 2; seed++) {
      SortedMap<Long, JsonNode> first = rows(place.resolve("grpo-" + seed));
      SortedMap<Long, JsonNode> second = rows(place.resolve("ppo-actor-critic-" + seed));
      assertEquals(3, first.lastKey());
      assertEquals(at(first, 0L), at(second, 0L));
      for (String name : new String[] {"critic/rewards/mean", "actor/entropy"}) {
        assertEquals(at(first, 1L).get(name), at(second, 1L).get(name), name);
      }
      double budget = at(first, 3L).get("training/tokens").asDouble();
      assertTrue(at(second, second.lastKey()).path("training/tokens").asDouble() >= budget);
      assertTrue(at(second, second.lastKey() - 1).path("training/tokens").asDouble() < budget);
    }
    assertTrue(Files.exists(place.resolve("comparison.parquet")));
    assertEquals(2, train(folder, "run", more).exit(), "the folders are taken");
    Typed named =
        train(folder, "run", "--compare", "grpo,ppo-actor-critic", "--recipe", "ppo-actor-critic");
    assertTrue(named.err().contains("which is not empty"), "it is compared: " + named.err());
  }

  /** Without a difference of rewards GRPO ends after 10 steps; imitation goes on. */
  @Test
  void anObjectiveThatEndsByItselfDoesNotEndTheOthers(@TempDir Path folder) throws Exception {
    String imitation = "maximise(logProb().mean(ALL_TOKENS))";
    List<String> typed =
        small(folder, "run", "--task", OwnTaskTest.Hopeless.class.getName(), "--warm-steps", "3");
    typed.addAll(List.of("--compare", "grpo," + imitation, "--steps", "20"));
    assertTrue(typed.remove("--no-report"));
    Typed run = Typed.withRecipes(typed.toArray(String[]::new));
    assertEquals(0, run.exit(), run.err());
    SortedMap<Long, JsonNode> first = rows(folder.resolve("run/grpo-1"));
    assertEquals(10, first.lastKey());
    long sampled = at(first, 10L).get("training/tokens").asLong();
    SortedMap<Long, JsonNode> second = rows(folder.resolve("run/" + imitation + "-1"));
    assertTrue(at(second, second.lastKey()).get("training/tokens").asLong() >= 2 * sampled);
    assertTrue(at(second, second.lastKey() - 1).get("training/tokens").asLong() < 2 * sampled);
    String said =
        "grpo 1 ended after step 10 with " + sampled + " of " + 2 * sampled + " tokens, nothing";
    assertTrue(run.out().contains(said), run.out());
    assertTrue(Files.readString(folder.resolve("run/report.html")).contains(said), said);
  }
}
