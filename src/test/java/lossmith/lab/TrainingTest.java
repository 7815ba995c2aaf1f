package lossmith.lab;

import static lossmith.lab.EchoRuns.HELD;
import static lossmith.lab.EchoRuns.SIZE;
import static lossmith.lab.EchoRuns.TASK;
import static lossmith.lab.EchoRuns.at;
import static lossmith.lab.EchoRuns.recipe;
import static lossmith.lab.EchoRuns.run;
import static lossmith.lab.EchoRuns.settings;
import static lossmith.lab.EchoRuns.start;
import static lossmith.lab.EchoRuns.trained;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lossmith.dsl.Axis;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.lab.policy.Network;
import lossmith.lab.task.Seeds;
import lossmith.recipes.control.AdaptiveEntropy;
import lossmith.recipes.control.AdaptiveKl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
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
        new Run(
            TASK,
            new Trainable("huge", loss),
            settings(4, 1e-3),
            Controllers.none(),
            3,
            HashSet.empty());
    String message = String.valueOf(failed(run, folder).getMessage());
    assertTrue(message.contains("step 1: a "), message);
    assertTrue(message.contains("by the sub-term "), message);
    assertTrue(message.matches("(?s).*at token \\d+, [a-h]{2}:.*\\[.*"), message);
  }

  @Test
  void aPolicyThatIsLostStopsTheRun(@TempDir Path folder) {
    Run run =
        new Run(TASK, recipe("reinforce"), settings(50, 1), Controllers.none(), 3, HashSet.empty());
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
        new Run(
            new Echo(0),
            recipe("grpo"),
            settings(40, 1e-3),
            Controllers.none(),
            3,
            HashSet.empty());
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
    Run run = new Run(TASK, recipe("prorl"), settings(6, 3e-3), kl, 3, HashSet.empty());
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
            () -> new Run(TASK, recipe("grpo"), settings(4, 1e-3), entropy, 3, HashSet.empty()));
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
