package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainTest {
  /** Milliseconds in which a few steps are made. */
  private static final long MOMENT = 150;

  /** Milliseconds in which the program starts. */
  private static final long START = 3000;

  /** Options of a network and of batches that take milliseconds; the last of a name counts. */
  private static List<String> small(Path folder, String out, String... more) {
    Map<String, String> options = new LinkedHashMap<>();
    String usual =
        "--task two-ways --layers 1 --width 16 --heads 2 --warm-steps 80 --prompts 4 --group 4"
            + " --minibatches 2 --held-out 4 --samples 4 --k 2 --evaluate-every 4"
            + " --checkpoint-every 3";
    List<String> all = new ArrayList<>(List.of(usual.split(" ")));
    all.addAll(List.of("--cache", "" + folder.resolve("cache"), "--out", "" + folder.resolve(out)));
    all.addAll(List.of(more));
    for (int i = 0; i < all.size(); i += 2) {
      String unused = options.put(all.get(i), all.get(i + 1));
    }
    List<String> typed = new ArrayList<>(List.of("train"));
    options.forEach((name, value) -> typed.addAll(List.of(name, value)));
    typed.add("--no-report");
    return typed;
  }

  private static Typed train(Path folder, String out, String... more) {
    return Typed.withRecipes(small(folder, out, more).toArray(String[]::new));
  }

  private static JsonNode at(SortedMap<Long, JsonNode> rows, long step) {
    return Objects.requireNonNull(rows.get(step));
  }

  /** The rows without what tells the time. */
  private static SortedMap<Long, JsonNode> rows(Path folder) throws IOException {
    SortedMap<Long, JsonNode> rows = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
      JsonNode row = new ObjectMapper().readTree(line);
      List<String> names = new ArrayList<>();
      row.fieldNames().forEachRemaining(names::add);
      names.removeIf(name -> !name.startsWith("timing_s/") && !name.startsWith("perf/"));
      JsonNode before =
          rows.put(
              row.get("step").asLong(),
              ((com.fasterxml.jackson.databind.node.ObjectNode) row).remove(names));
      assertEquals(null, before, line);
    }
    return rows;
  }

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
    typed.add("--rollouts");
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
        "--recipe dpo; sign",
        "--recipe nothing; no recipe",
        "--task additon; addition",
        "--steps 0; --steps 0",
        "--group 1; --group 1",
        "--minibatches 5; --minibatches 5",
        "--learning-rate NaN; --learning-rate NaN",
        "--temperature 0; --temperature 0",
        "--samples 1; --k 2",
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
        "--seeds 2; --seeds 2",
        "--compare grpo,dpo; sign",
      })
  void whatCannotBeTrainedIsSaid(String typed, String said, @TempDir Path folder) {
    Typed run = train(folder, "run", typed.split(" "));
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains(said), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertFalse(Files.exists(folder.resolve("run")), "nothing is written");
  }

  @Test
  void theListSaysWhatCanBeTrainedAndWhyTheRestCannot() {
    Typed list = Typed.withRecipes("train", "--list");
    assertEquals(0, list.exit());
    String[] halves = list.out().split("Recipes that cannot", -1);
    for (String name : new String[] {"  dapo: ", "  cispo: ", "  kl-cov: ", "  addition: "}) {
      assertTrue(halves[0].contains(name), name);
    }
    assertTrue(halves[1].contains("  dpo, which reads sign"), halves[1]);
  }

  private static long lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }

  /**
   * {@code -Dlossmith.kills=20} kills as often, {@code -Dlossmith.kills.seed=7} at other moments:
   * every second time while the program starts or reads what is there, otherwise after its next
   * step. A wish to stop comes last.
   */
  @Test
  void aRunThatIsKilledOrStoppedGoesOnAsIfNothingHadHappened(@TempDir Path folder)
      throws Exception {
    int kills = Integer.getInteger("lossmith.kills", 3);
    int steps = 12 * (kills + 2);
    String[] more = {"--steps", "" + steps, "--recipe", "prorl", "--reset-every", "5"};
    assertEquals(0, train(folder, "whole", more).exit());
    List<String> arguments = small(folder, "killed", more);
    arguments.add("--resume");
    Path metrics = folder.resolve("killed").resolve("metrics.jsonl");
    long seed = Long.getLong("lossmith.kills.seed", 1);
    SplittableRandom random = new SplittableRandom(seed);
    for (int kill = 0; kill < kills; kill++) {
      long after = random.nextLong(kill % 2 == 0 ? MOMENT : START);
      System.out.printf("seed %d, kill %d: %d ms%n", seed, kill + 1, after);
      long seen = lines(metrics);
      Process process = OwnProcess.started(folder, arguments);
      while (kill % 2 == 0 && process.isAlive() && lines(metrics) <= seen) {
        Thread.sleep(1);
      }
      Thread.sleep(after);
      OwnProcess.signal(process, "KILL");
      assertFalse(OwnProcess.ended(process) == 0, "killed too late");
    }
    Process stopped = OwnProcess.started(folder, arguments);
    long seen = lines(metrics);
    while (stopped.isAlive() && lines(metrics) <= seen) {
      Thread.sleep(1);
    }
    OwnProcess.signal(stopped, "TERM");
    assertEquals(0, OwnProcess.ended(stopped), Files.readString(folder.resolve("err")));
    String said = Files.readString(folder.resolve("out"));
    assertTrue(said.contains("go on with --resume"), said);
    assertEquals(0, Typed.withRecipes(arguments.toArray(String[]::new)).exit());
    assertEquals(rows(folder.resolve("whole")), rows(folder.resolve("killed")));
    assertEquals(numbers(folder.resolve("whole")), numbers(folder.resolve("killed")));
  }

  @Test
  void objectivesAreComparedFromOneStartOnTheSamePrompts(@TempDir Path folder) throws Exception {
    String[] more = {"--compare", "grpo,cispo", "--seeds", "2", "--steps", "3"};
    Typed run = train(folder, "run", more);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("val-core/two-ways/pass@1, cispo"), run.out());
    Path place = folder.resolve("run");
    for (int seed = 1; seed <= 2; seed++) {
      SortedMap<Long, JsonNode> first = rows(place.resolve("grpo-" + seed));
      SortedMap<Long, JsonNode> second = rows(place.resolve("cispo-" + seed));
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
  }

  /** What a checkpoint holds, by name. */
  private static Map<String, List<Byte>> numbers(Path run) throws IOException {
    Map<String, List<Byte>> found = new TreeMap<>();
    try (ZipFile zip = new ZipFile(run.resolve("checkpoint.npz").toFile())) {
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        List<Byte> bytes = new ArrayList<>();
        for (byte one : zip.getInputStream(entry).readAllBytes()) {
          bytes.add(one);
        }
        found.put(entry.getName(), bytes);
      }
    }
    assertTrue(found.containsKey("policy.npy"), found.keySet().toString());
    return found;
  }
}
