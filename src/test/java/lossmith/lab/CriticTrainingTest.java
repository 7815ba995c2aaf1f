package lossmith.lab;

import static lossmith.lab.EchoRuns.SIZE;
import static lossmith.lab.EchoRuns.TASK;
import static lossmith.lab.EchoRuns.at;
import static lossmith.lab.EchoRuns.mean;
import static lossmith.lab.EchoRuns.recipe;
import static lossmith.lab.EchoRuns.settings;
import static lossmith.lab.EchoRuns.trained;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Path;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.Sampler;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Prompts;
import lossmith.lab.task.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that train a critic beside the policy. */
class CriticTrainingTest {
  private static final String PPO = "ppo-actor-critic";

  private static Run run(Trainable objective, int steps) {
    return new Run(TASK, objective, settings(steps, 5e-3), Controllers.none(), 3, HashSet.empty());
  }

  @Test
  void theSameNumbersComeAfterAStop(@TempDir Path folder) throws IOException {
    Run run = run(recipe(PPO), 6);
    try (Network network = new Network(SIZE)) {
      var whole = trained(network, run, folder.resolve("whole"), false, 99);
      var first = trained(network, run, folder.resolve("parts"), false, 4);
      var rest = trained(network, run, folder.resolve("parts"), true, 99);
      assertEquals(5, rest.firstKey());
      first.putAll(rest);
      assertEquals(whole, first);
      NumberFile one = NumberFile.read(new RunFolder(folder.resolve("whole")).checkpoint());
      NumberFile two = NumberFile.read(new RunFolder(folder.resolve("parts")).checkpoint());
      for (String name : List.of("policy", "value_head", "adam_mean", "adam_square")) {
        assertArrayEquals(one.floats(name), two.floats(name), name);
      }
      assertEquals(SIZE.width() + 1, one.floats("value_head").length);
      assertEquals(SIZE.weights(), one.floats("policy").length);
    }
  }

  /**
   * Where V = 0 everywhere, 0.5 · mean (V − R)² has the slope − mean R at b, of which Adam keeps a
   * tenth.
   */
  @Test
  void theFirstSlopeOfTheHeadIsThatOfTheMeanReturn(@TempDir Path folder) throws IOException {
    TrainingSettings usual = settings(1, 5e-3);
    TrainingSettings whole =
        new TrainingSettings(
            usual.seed(),
            1,
            0,
            usual.sampling(),
            new TrainingSettings.Updating(1, 1, 5e-3, 1e3, 0),
            usual.measuring(),
            new TrainingSettings.Discounting(1, 1),
            LinkedHashMap.empty());
    try (Network network = new Network(SIZE)) {
      var rows = trained(network, run(recipe(PPO), 1).with(whole), folder, false, 99);
      NumberFile kept = NumberFile.read(new RunFolder(folder).checkpoint());
      float[] mean = kept.floats("adam_mean");
      double returns = at(rows, 1).get("critic/returns/mean").get();
      assertTrue(returns > 0.01, "some are right: " + returns);
      // Every token's return is a reward of 0 or 1, which is its own square.
      assertEquals(returns / 2, at(rows, 1).get("critic/vf_loss").get(), 1e-12);
      assertEquals(-0.1 * returns, mean[mean.length - 1], 1e-7);
      float[] head = kept.floats("value_head");
      assertEquals(5e-3, head[head.length - 1], 1e-6, "against the slope, by the rate");
    }
  }

  /** The critic is asked about held-out prompts: what it expects of a token against what came. */
  @Test
  void theCriticLearnsWhatIsEarnedAndThePolicyToEarn(@TempDir Path folder) throws IOException {
    TrainingSettings usual = settings(60, 2e-3);
    TrainingSettings often =
        new TrainingSettings(
            usual.seed(),
            usual.steps(),
            0,
            usual.sampling(),
            new TrainingSettings.Updating(2, 4, 2e-3, 1, 0),
            usual.measuring(),
            usual.discounting(),
            LinkedHashMap.empty());
    Run run = run(recipe(PPO), 1).with(often);
    try (Network network = new Network(SIZE)) {
      Start start =
          Start.of(new WarmStart(TASK, network, 60).trained(done -> {}, () -> false).get());
      var rows = trained(network, run, start, folder, false, 99);
      assertTrue(at(rows, 1).get("critic/values/mean").contains(0.0), "it starts at 0");
      double before = mean(rows, "critic/vf_loss", 1, 5);
      double after = mean(rows, "critic/vf_loss", 56, 60);
      assertTrue(after < 0.9 * before, before + " to " + after);
      double poor = mean(rows, "critic/rewards/mean", 1, 5);
      double rich = mean(rows, "critic/rewards/mean", 56, 60);
      assertTrue(rich > poor + 0.3, poor + " to " + rich);
      double explained = explained(network, run, folder);
      assertTrue(explained > 0.3, "explained variance " + explained);
    }
  }

  private static double explained(Network network, Run run, Path folder) throws IOException {
    try (TrainingState state =
        TrainingState.read(
            new RunFolder(folder).checkpoint(), SIZE.width() + 1, LinkedHashMap.empty())) {
      Seq<String> prompts = Prompts.heldOut(TASK, 16).flatMap(prompt -> Vector.fill(8, prompt));
      Seq<Drawn> drawn =
          new Sampler(network, Alphabet.END)
              .draw(
                  state.policy,
                  prompts.map(TASK.symbols()::encode),
                  TASK.longestResponse(),
                  1,
                  row -> Seeds.random(99, row));
      Batch batch =
          Critic.of(run.objective(), run.settings(), network)
              .get()
              .valued(state, Batch.judged(TASK, prompts, drawn, 8));
      Seq<Double> came =
          batch
              .drawn()
              .zip(batch.rewards())
              .flatMap(one -> Vector.fill(one._1.values().length, one._2));
      Seq<Double> apart =
          came.zip(Vector.ofAll(Batch.joined(batch.drawn().map(Drawn::values))))
              .map(one -> one._1 - one._2);
      return 1 - variance(apart) / variance(came);
    }
  }

  private static double variance(Seq<Double> numbers) {
    double mean = numbers.average().get();
    return numbers.map(x -> (x - mean) * (x - mean)).average().get();
  }

  private static String failed(Loss value, Path folder) throws IOException {
    Loss loss =
        Terms.maximise(Terms.logProb().times(Terms.reward().per(Axis.TOKEN)).mean(Over.ALL_TOKENS))
            .plus(value);
    try (Network network = new Network(SIZE)) {
      ProblemException lost =
          assertThrows(
              ProblemException.class,
              () -> {
                var unused =
                    trained(network, run(new Trainable("huge", loss), 4), folder, false, 99);
              });
      assertTrue(Run.isLost(lost), lost.toString());
      return lost.toString();
    }
  }

  @Test
  void aValueLossThatIsNoNumberNamesStepTermAndToken(@TempDir Path folder) throws IOException {
    Loss huge =
        Terms.minimise(Terms.value().shiftedBy(1).scaledBy(1e30).square().mean(Over.ALL_TOKENS))
            .training(Columns.VALUE);
    String message = failed(huge, folder);
    assertTrue(message.contains("step 1: a "), message);
    assertTrue(message.contains("by the sub-term "), message);
    assertTrue(message.matches("(?s).*at token \\d+, [a-h]{2}:.*\\[.*"), message);
  }

  @Test
  void aRunWithoutACriticKeepsNoneOfIt(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      var rows = trained(network, run(recipe("ppo"), 1), folder, false, 99);
      assertFalse(at(rows, 1).keySet().exists(name -> name.startsWith("critic/v")), "" + rows);
      NumberFile kept = NumberFile.read(new RunFolder(folder).checkpoint());
      assertThrows(ProblemException.class, () -> kept.floats("value_head"));
      assertEquals(SIZE.weights(), kept.floats("adam_mean").length);
    }
  }
}
