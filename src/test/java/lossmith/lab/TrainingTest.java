package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import lossmith.dsl.Axis;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkSize;
import lossmith.lab.task.Seeds;
import lossmith.lab.task.Task;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.control.AdaptiveEntropy;
import lossmith.recipes.control.AdaptiveKl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
  private static final Task TASK = new Echo(1);

  private static final NetworkSize SIZE = WarmStart.size(TASK, 1, 16, 2);

  private static final String HELD = "val-core/echo/pass@1";

  private static TrainingSettings settings(int steps, double rate) {
    return new TrainingSettings(
        3,
        steps,
        0,
        new TrainingSettings.Sampling(8, 4, 1),
        new TrainingSettings.Updating(2, 1, rate, 1, 0),
        new TrainingSettings.Measuring(4, 4, 4, List.of(2)),
        LinkedHashMap.empty());
  }

  private static Trainable recipe(String name) {
    return new Trainable(
        name, Recipes.all().find(r -> r.name().equals(name)).get().loss(Conventions.paper()));
  }

  private static Run run(String recipe, int steps) {
    return new Run(TASK, recipe(recipe), settings(steps, 5e-3), Controllers.none(), 3, false);
  }

  /** The numbers of a step that do not tell the time. */
  private static Map<String, Double> timeless(Map<String, Double> numbers) {
    return numbers.rejectKeys(name -> name.startsWith("timing") || name.startsWith("perf"));
  }

  private static Map<String, Double> at(SortedMap<Long, Map<String, Double>> rows, long step) {
    return Objects.requireNonNull(rows.get(step));
  }

  private static SortedMap<Long, Map<String, Double>> trained(
      Network network, Run run, Path folder, boolean resume, int stopAfter) throws IOException {
    return trained(network, run, start(network), folder, resume, stopAfter);
  }

  private static Start start(Network network) {
    return Start.of(
        new WarmStart(TASK, network, TASK.warmSteps()).trained(done -> {}, () -> false).get());
  }

  private static SortedMap<Long, Map<String, Double>> trained(
      Network network, Run run, Start start, Path folder, boolean resume, int stopAfter)
      throws IOException {
    SortedMap<Long, Map<String, Double>> rows = new TreeMap<>();
    Run.End end =
        run.run(
            network,
            start,
            new RunFolder(folder),
            resume,
            last -> List.empty(),
            (step, numbers) -> rows.put(step, timeless(numbers)),
            () -> !rows.isEmpty() && rows.lastKey() >= stopAfter);
    assertEquals(stopAfter < run.settings().steps(), end.stopped());
    return rows;
  }

  @Test
  void theSameSeedGivesTheSameNumbersAlsoAfterAStop(@TempDir Path folder) throws IOException {
    Run run = run("prorl", 8);
    try (Network network = new Network(SIZE)) {
      var whole = trained(network, run, folder.resolve("whole"), false, 99);
      assertEquals(9, whole.size());
      var first = trained(network, run, folder.resolve("parts"), false, 5);
      assertEquals(6, first.size());
      var rest = trained(network, run, folder.resolve("parts"), true, 99);
      assertEquals(6, rest.firstKey());
      first.putAll(rest);
      assertEquals(whole, first);
      assertArrayEquals(
          NumberFile.read(new RunFolder(folder.resolve("whole")).checkpoint()).floats("policy"),
          NumberFile.read(new RunFolder(folder.resolve("parts")).checkpoint()).floats("policy"));
    }
  }

  @Test
  void whatIsRewardedBecomesMoreFrequent(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      var rows = trained(network, run("dapo", 40), folder, false, 99);
      double before = at(rows, rows.firstKey()).get(HELD).get();
      double after = at(rows, rows.lastKey()).get(HELD).get();
      assertTrue(after > before + 0.2, before + " to " + after);
      Map<String, Double> last = at(rows, rows.lastKey());
      assertTrue(last.containsKey("actor/pg_clipfrac"), last.toString());
      assertFalse(last.containsKey("actor/ref_kl"), "no reference is read");
      assertEquals(2, last.get("response_length/mean").get(), 0.3);
    }
  }

  /**
   * Of equal policies every margin is 0 and the loss log 2; then the response that was right rises.
   */
  @Test
  void preferencesAreThoseOfTheRewards(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      Run still = new Run(TASK, recipe("dpo"), settings(1, 0), Controllers.none(), 3, false);
      var equal = trained(network, still, folder.resolve("still"), false, 99);
      assertEquals(Math.log(2), at(equal, 1).get("actor/pg_loss").get(), 1e-6);
      assertTrue(at(equal, 1).get("actor/grad_norm").get() > 0);
      var rows = trained(network, run("dpo", 60), folder.resolve("run"), false, 99);
      double first = mean(rows, "critic/rewards/mean", 1, 5);
      double last = mean(rows, "critic/rewards/mean", 56, 60);
      assertTrue(last > 2 * first, first + " to " + last);
    }
  }

  @Test
  void aStudentBecomesLikeItsTeacher(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      RunFolder taught = new RunFolder(folder.resolve("teacher"));
      var teacher = trained(network, run("dapo", 30), taught.folder(), false, 99);
      assertTrue(teacher.size() > 20);
      Start start = start(network).beside(taught.policy(TASK, network));
      var exact =
          trained(network, run("distil-reverse-kl", 30), start, folder.resolve("a"), false, 99);
      assertFalls(exact, "actor/pg_loss");
      var sampled = trained(network, run("opd", 30), start, folder.resolve("b"), false, 99);
      assertFalls(sampled, "actor/ref_kl");
    }
  }

  /** The mean of a number from one step to another. */
  private static double mean(
      SortedMap<Long, Map<String, Double>> rows, String number, long from, long to) {
    return rows.subMap(from, to + 1).values().stream()
        .mapToDouble(row -> row.get(number).get())
        .average()
        .orElseThrow();
  }

  /** A divergence, in nats per token, of which next to nothing is left in the end. */
  private static void assertFalls(SortedMap<Long, Map<String, Double>> rows, String number) {
    double first = mean(rows, number, 1, 2);
    double last = mean(rows, number, 28, 30);
    assertTrue(first > 0.1 && last < 0.4 * first, first + " to " + last);
  }

  private static Loss objective(lossmith.dsl.Term<lossmith.dsl.Level.Token> term) {
    return Terms.maximise(term.times(Terms.reward().per(Axis.TOKEN)).mean(Over.ALL_TOKENS));
  }

  private static ProblemException failed(Run run, Path folder) {
    try (Network network = new Network(SIZE)) {
      return assertThrows(
          ProblemException.class,
          () -> {
            var unused = trained(network, run, folder, false, 99);
          });
    }
  }

  @Test
  void aLossThatIsNoNumberNamesStepTermAndToken(@TempDir Path folder) {
    Loss loss = objective(Terms.logProb().scaledBy(1e30).times(Terms.logProb().scaledBy(1e30)));
    Run run =
        new Run(TASK, new Trainable("huge", loss), settings(4, 1e-3), Controllers.none(), 3, false);
    String message = String.valueOf(failed(run, folder).getMessage());
    assertTrue(message.contains("step 1: a "), message);
    assertTrue(message.contains("by the sub-term "), message);
    assertTrue(message.matches("(?s).*at token \\d+, [a-h]{2}:.*\\[.*"), message);
  }

  @Test
  void aPolicyThatIsLostStopsTheRun(@TempDir Path folder) {
    Run run = new Run(TASK, recipe("reinforce"), settings(50, 1), Controllers.none(), 3, false);
    String message = String.valueOf(failed(run, folder).getMessage());
    assertTrue(message.contains("step ") && message.contains("--learning-rate"), message);
    assertTrue(message.matches("(?s).*most at token \\d+, [a-h]{2}:.*\\[.*"), message);
  }

  /** Nothing can be drawn by weights that are no numbers. */
  @Test
  void aPolicyWithoutNumbersLeavesNoBatch(@TempDir Path folder) {
    float[] none = SIZE.initial(Seeds.random(1));
    Arrays.fill(none, Float.NaN);
    try (Network network = new Network(SIZE)) {
      ProblemException lost =
          assertThrows(
              ProblemException.class,
              () -> {
                var unused =
                    run("grpo", 2)
                        .run(
                            network,
                            Start.of(none),
                            new RunFolder(folder),
                            false,
                            last -> List.empty(),
                            (step, numbers) -> {},
                            () -> false);
              });
      assertTrue(Run.isLost(lost), lost.toString());
      assertTrue(lost.toString().contains("step 0: probabilities"), lost.toString());
      assertFalse(Files.exists(new RunFolder(folder).batch()));
    }
  }

  @Test
  void rewardsThatAreAllEqualEndTheRun(@TempDir Path folder) throws IOException {
    Run run =
        new Run(new Echo(0), recipe("grpo"), settings(40, 1e-3), Controllers.none(), 3, false);
    try (Network network = new Network(SIZE)) {
      Run.End end =
          run.run(
              network,
              Start.of(SIZE.initial(Seeds.random(1))),
              new RunFolder(folder),
              false,
              last -> List.empty(),
              (step, numbers) -> {},
              () -> false);
      assertEquals(10, end.steps());
      assertTrue(end.why().get().wrote().contains("step 10"), end.toString());
    }
  }

  @Test
  void controllersMoveTheirParameters(@TempDir Path folder) throws IOException {
    Controllers kl =
        new Controllers(
            Option.some(new Controllers.Moved<>("beta", new AdaptiveKl(1e-4, 10))), Option.none());
    Run run = new Run(TASK, recipe("prorl"), settings(6, 3e-3), kl, 3, false);
    try (Network network = new Network(SIZE)) {
      var rows = trained(network, run, folder, false, 99);
      String name = "lossmith/coefficient/beta";
      for (long step = 2; step <= 6; step++) {
        double before = at(rows, step - 1).get(name).get();
        double kl0 = at(rows, step).get("actor/ref_kl").get();
        double error = Math.max(-0.2, Math.min(0.2, kl0 / 1e-4 - 1));
        assertEquals(
            Math.max(0, before * (1 + error * 32 / 10)), at(rows, step).get(name).get(), 1e-12);
      }
    }
  }

  @Test
  void aControllerOfWhatIsNotThereIsRefused() {
    Controllers entropy =
        new Controllers(
            Option.none(), Option.some(new Controllers.Moved<>("bonus", AdaptiveEntropy.trl())));
    ProblemException unknown =
        assertThrows(
            ProblemException.class,
            () -> new Run(TASK, recipe("grpo"), settings(4, 1e-3), entropy, 3, false));
    assertTrue(
        String.valueOf(unknown.getMessage()).contains("bonus"),
        String.valueOf(unknown.getMessage()));
  }

  @Test
  void onlyTheSettingsOfARunGoOnWithIt(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      var unused = trained(network, run("grpo", 2), folder, false, 99);
      ProblemException full =
          assertThrows(
              ProblemException.class,
              () -> trained(network, run("grpo", 2), folder, false, 99).clear());
      assertTrue(
          String.valueOf(full.getMessage()).contains("--resume"),
          String.valueOf(full.getMessage()));
      ProblemException other =
          assertThrows(
              ProblemException.class,
              () -> trained(network, run("dapo", 4), folder, true, 99).clear());
      assertTrue(
          String.valueOf(other.getMessage()).contains("dapo"), String.valueOf(other.getMessage()));
    }
  }

  @Test
  void theStartPolicyIsKept(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      WarmStart start = new WarmStart(TASK, network, 3);
      long[] steps = {0, 0};
      float[] first = start.weights(folder, done -> steps[0]++, () -> false).get();
      float[] second = start.weights(folder, done -> steps[1]++, () -> false).get();
      assertArrayEquals(new long[] {3, 0}, steps);
      assertArrayEquals(first, second);
      WarmStart longer = new WarmStart(TASK, network, 4);
      assertFalse(Arrays.equals(first, longer.weights(folder, d -> {}, () -> false).get()));
      long[] made = {0};
      WarmStart stopped = new WarmStart(TASK, network, 5);
      assertTrue(stopped.weights(folder, done -> made[0] = done, () -> made[0] == 2).isEmpty());
      assertEquals(2, made[0]);
      // Nothing of it is there: all five steps are made now.
      assertTrue(stopped.weights(folder, done -> made[0] = done, () -> false).isDefined());
      assertEquals(5, made[0]);
    }
  }
}
