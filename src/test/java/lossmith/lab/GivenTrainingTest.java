package lossmith.lab;

import static lossmith.lab.EchoRuns.SIZE;
import static lossmith.lab.EchoRuns.TASK;
import static lossmith.lab.EchoRuns.at;
import static lossmith.lab.EchoRuns.recipe;
import static lossmith.lab.EchoRuns.run;
import static lossmith.lab.EchoRuns.settings;
import static lossmith.lab.EchoRuns.start;
import static lossmith.lab.EchoRuns.trained;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.lab.policy.Network;
import lossmith.lab.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of objectives for which the lab makes columns of its own. */
class GivenTrainingTest {
  private static final int STEPS = 4;

  private static final List<String> RECIPES =
      List.of("kto", "bco", "xpo", "a2po", "tpo-triple", "tpo-l", "tpo-hinge", "tpo-ipo");

  @Test
  void eachTrainsAndGoesOnAfterAStop(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      Start start = start(network);
      for (String name : RECIPES) {
        Run run = run(name, 5);
        Path whole = folder.resolve(name);
        Path parts = folder.resolve(name + "-parts");
        var rows = trained(network, run, start, whole, false, 99);
        var first = trained(network, run, start, parts, false, 2);
        first.putAll(trained(network, run, start, parts, true, 99));
        assertEquals(rows, first, name);
        float[] policy = policy(whole);
        assertArrayEquals(policy, policy(parts), name);
        assertFalse(Arrays.equals(start.policy(), policy), name);
        assertFinite(name, rows);
      }
    }
  }

  private static float[] policy(Path folder) throws IOException {
    return NumberFile.read(new RunFolder(folder).checkpoint()).floats("policy");
  }

  private static void assertFinite(String name, SortedMap<Long, Map<String, Double>> rows) {
    assertEquals(6, rows.size(), name);
    rows.values()
        .forEach(row -> assertTrue(row.values().forAll(Double::isFinite), () -> name + ": " + row));
    assertTrue(
        rows.values().stream().anyMatch(row -> row.get("actor/grad_norm").exists(norm -> norm > 0)),
        name);
  }

  private static double tokens(Network network, String name, Path folder) throws IOException {
    var rows = trained(network, run(name, 1), start(network), folder.resolve(name), false, 99);
    return at(rows, 1).get("training/tokens").get();
  }

  /** All sample the same at first; what the reference answers is sampled too. */
  @Test
  void responsesOfTheReferenceCountAsTokens(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      double own = tokens(network, "kto", folder);
      for (String name : List.of("xpo", "a2po")) {
        assertTrue(tokens(network, name, folder) > 1.2 * own, name);
      }
    }
  }

  private static JsonNode[] shown(Network network, String name, Path folder) throws IOException {
    return shown(network, name, run(name, STEPS), folder);
  }

  private static JsonNode[] shown(Network network, String name, Run run, Path folder)
      throws IOException {
    var unused = trained(network, run, start(network), folder.resolve(name), false, 99);
    try (Stream<String> lines = Files.lines(new RunFolder(folder.resolve(name)).batch())) {
      ObjectMapper mapper = new ObjectMapper();
      JsonNode[] rows =
          lines
              .map(line -> assertDoesNotThrow(() -> mapper.readTree(line)))
              .toArray(JsonNode[]::new);
      assertTrue(rows.length > 0, name);
      return rows;
    }
  }

  private static void assertEach(JsonNode[] rows, String column, double... numbers) {
    for (int i = 0; i < rows.length; i++) {
      assertEquals(numbers[i % numbers.length], rows[i].get(column).asDouble(), column + " " + i);
    }
  }

  /** What is shown of a run has what its objective reads, in the order in which it reads it. */
  @Test
  void theBatchIsWhatTheUpdatesLearntFrom(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      assertEach(shown(network, "dpo", folder), "sign", 1, -1);
      Run large = learning(TASK, recipe("tpo-l"), sampling(8, 16)); // some answers are right twice
      assertEach(shown(network, "tpo-l", large, folder), "preference", 0, 1, -1);
      JsonNode[] rivals = shown(network, "xpo", folder);
      assertEach(rivals, "sign", 1, -1);
      for (int pair = 0; pair < rivals.length; pair += 2) {
        JsonNode chosen = rivals[pair];
        JsonNode rejected = rivals[pair + 1];
        assertEquals(chosen.get("prompt_id"), rejected.get("prompt_id"));
        assertTrue(chosen.get("reward").asDouble() > rejected.get("reward").asDouble());
        assertEquals(
            1, chosen.get("from_reference").asDouble() + rejected.get("from_reference").asDouble());
      }
      JsonNode[] shifted = shown(network, "bco", folder);
      double[] kept =
          NumberFile.read(new RunFolder(folder.resolve("bco")).checkpoint())
              .doubles("implicit_rewards");
      assertEach(shifted, "reward_shift", kept[0] / kept[1]);
      assertEquals(STEPS * 32, kept[1], "what is shown counts once");
      for (JsonNode row : shown(network, "kto", folder)) {
        assertTrue(Double.isFinite(row.get("mismatched_log_ratio").asDouble()));
      }
      JsonNode[] valued = shown(network, "a2po", folder);
      for (int row = 0; row < valued.length; row += 4) {
        double value = valued[row].get("optimal_value").asDouble();
        assertEquals(value, valued[row + 3].get("optimal_value").asDouble());
        assertTrue(value >= 0 && value <= 1);
      }
    }
  }

  /** After a reset the policy is the reference, and its implicit rewards are 0 again. */
  @Test
  void implicitRewardsBeginAnewWhereTheReferenceDoes(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      for (int every : new int[] {0, 2}) {
        TrainingSettings usual = settings(2, 5e-3);
        TrainingSettings reset =
            new TrainingSettings(
                usual.seed(),
                usual.steps(),
                usual.tokens(),
                usual.sampling(),
                new TrainingSettings.Updating(2, 1, 5e-3, 1, every),
                usual.measuring(),
                usual.discounting(),
                usual.parameters());
        Path place = folder.resolve("bco" + every);
        var unused =
            trained(
                network, learning(TASK, recipe("bco"), reset), start(network), place, false, 99);
        NumberFile kept = NumberFile.read(new RunFolder(place).checkpoint());
        assertEquals(every == 0, kept.has("implicit_rewards"));
      }
    }
  }

  /** Tokens that the reference drew tell nothing of where the policy went. */
  @Test
  void theDivergenceIsOfThePolicysOwnTokens() {
    Samples pair =
        new SamplesBuilder(new int[] {2, 3}, new int[] {0, 0})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1, -0.5, -9, -9, -9})
            .column(
                Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, new double[] {-2, -2.5, -1, -1, -1})
            .build();
    assertEquals(Option.some((3.0 - 24) / 5), Updater.divergence(pair));
    Samples rivals = pair.with(RivalResponses.NAME, Level.Name.SEQUENCE, new double[] {0, 1});
    assertEquals(Option.some(1.5), Updater.divergence(rivals));
    assertEquals(Option.none(), Updater.divergence(rivals.without(Columns.REFERENCE_LOG_PROB)));
  }

  /** Without a chosen response there is nothing to learn. */
  @Test
  void rewardsThatAreAllEqualLeaveThePolicyAsItIs(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      Start start = start(network);
      for (String name : List.of("xpo", "tpo-triple")) {
        Run run = learning(new Echo(0), recipe(name), settings(40, 5e-3));
        var rows = trained(network, run, start, folder.resolve(name), false, 99);
        assertEquals(10, rows.lastKey(), name);
        assertArrayEquals(start.policy(), policy(folder.resolve(name)), name);
      }
    }
  }

  private static Run learning(Task task, Trainable objective, TrainingSettings settings) {
    return new Run(task, objective, settings, Controllers.none(), 3, HashSet.empty());
  }

  private static TrainingSettings sampling(int prompts, int group) {
    TrainingSettings usual = settings(4, 1e-3);
    return new TrainingSettings(
        usual.seed(),
        usual.steps(),
        usual.tokens(),
        new TrainingSettings.Sampling(prompts, group, 1),
        new TrainingSettings.Updating(1, 1, 1e-3, 1, 0),
        usual.measuring(),
        TrainingSettings.Discounting.usual(),
        usual.parameters());
  }

  /** Trains on one prompt, and is measured on another. */
  private static Task onePrompt() {
    return new Echo(1) {
      @Override
      public String prompt(RandomGenerator random) {
        return random.nextBoolean() ? "ab:" : "cd:";
      }

      @Override
      public boolean isHeldOut(String prompt) {
        return prompt.equals("cd:");
      }
    };
  }

  private static void assertRefused(Task task, String name, TrainingSettings how, String said) {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> learning(task, recipe(name), how));
    assertTrue(refused.toString().contains(said), refused.toString());
  }

  @Test
  void whatAColumnCannotBeMadeOfIsRefused() {
    assertRefused(onePrompt(), "kto", sampling(8, 4), "the task echo with one prompt for kto");
    assertRefused(TASK, "kto", sampling(1, 4), "--prompts 1 for kto");
    assertRefused(TASK, "tpo-l", sampling(8, 2), "--group 2 for tpo-l");
    // Each has enough of what another lacks.
    assertDoesNotThrow(() -> learning(onePrompt(), recipe("xpo"), sampling(8, 4)));
    assertDoesNotThrow(() -> learning(TASK, recipe("tpo-l"), sampling(1, 3)));
  }

  private static Loss weighted(Detached<Sequence> weight) {
    return Terms.maximise(Terms.logProb().weightedBy(weight.per(Axis.TOKEN)).mean(Over.ALL_TOKENS));
  }

  private static void assertRefused(Loss loss, String said) {
    String problems = Trainable.missing("mine", loss).toString();
    assertTrue(problems.contains(said), problems);
  }

  @Test
  void anObjectiveIsOfPairsOrOfTriples() {
    Detached<Sequence> preference = Terms.given("preference", Axis.SEQUENCE);
    Detached<Sequence> rival = Terms.given("from_reference", Axis.SEQUENCE);
    assertRefused(weighted(preference.times(Terms.sign())), "preference and sign");
    assertRefused(weighted(preference.times(rival)), "preference and from_reference");
    assertEquals(List.empty(), Trainable.missing("mine", weighted(rival.times(Terms.sign()))));
  }

  @Test
  void aShiftIsOfRewardsThatItIsTheMeanOf() {
    Detached<Sequence> shift = Terms.given("reward_shift", Axis.BATCH).per(Axis.SEQUENCE);
    Detached<Sequence> scaled = shift.scaledBy(Terms.parameter("beta", 1, 0, 2));
    Detached<Sequence> reference = Terms.referenceLogProb().sum(Over.TOKENS);
    assertRefused(weighted(scaled), "reward_shift beside other rewards");
    assertRefused(weighted(shift.times(reference)), "reward_shift beside other rewards");
    assertEquals(List.empty(), Trainable.missing("mine", weighted(scaled.times(reference))));
  }
}
