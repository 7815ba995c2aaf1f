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
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.Sampler;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.Texts.Text;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Prompts;
import lossmith.lab.task.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objectives that train a critic beside the policy. */
class CriticTest {
  private static final String PPO = "ppo-actor-critic";

  private static Run run(Trainable objective, int steps) {
    return new Run(TASK, objective, settings(steps, 5e-3), Controllers.none(), 3, HashSet.empty());
  }

  private static Critic critic(Network network, double gamma, double lambda) {
    TrainingSettings usual = settings(1, 0);
    return Critic.of(
            recipe(PPO),
            new TrainingSettings(
                1,
                1,
                0,
                usual.sampling(),
                usual.updating(),
                usual.measuring(),
                new TrainingSettings.Discounting(gamma, lambda),
                LinkedHashMap.empty()),
            network)
        .get();
  }

  /** Responses of one to five symbols with values and rewards at random. */
  private static Batch batch() {
    RandomGenerator random = Seeds.random(17);
    Seq<Drawn> drawn =
        Vector.of(3, 1, 5, 2)
            .map(
                length ->
                    new Drawn(
                            Text.of(new int[] {1}, new int[length]),
                            new double[length],
                            new double[length],
                            length != 5)
                        .valued(random.doubles(length, -1, 1).toArray()));
    return new Batch(Vector.fill(4, "a"), drawn, Vector.of(1.0, 0.25, 0.0, 0.75), 2);
  }

  /** A_t = Σ_k (γλ)^k δ_(t+k), summed anew for each token. */
  @Test
  void returnsAreTheValuesPlusTheErrorsThatFollow() {
    double gamma = 0.9;
    double lambda = 0.8;
    Batch batch = batch();
    try (Network network = new Network(SIZE)) {
      Samples samples =
          critic(network, gamma, lambda).sampled(batch, batch.samples(Option.none(), false));
      double[] returns = samples.column(Critic.RETURN).get();
      double[] old = samples.column(Critic.OLD_VALUE).get();
      double[] earned = samples.column(Columns.TOKEN_REWARD).get();
      int at = 0;
      for (int row = 0; row < 4; row++) {
        double[] values = batch.drawn().get(row).values();
        for (int t = 0; t < values.length; t++) {
          double advantage = 0;
          for (int k = 0; t + k < values.length; k++) {
            boolean last = t + k == values.length - 1;
            double error =
                (last ? batch.rewards().get(row) : gamma * values[t + k + 1]) - values[t + k];
            advantage += Math.pow(gamma * lambda, k) * error;
          }
          assertEquals(values[t], old[at]);
          assertEquals(t == values.length - 1 ? batch.rewards().get(row) : 0, earned[at]);
          assertEquals(advantage, returns[at] - old[at], 1e-12, "row " + row + ", token " + t);
          at++;
        }
      }
      assertEquals(returns.length, at);
    }
  }

  /** With γ = λ = 1 every token's return is the reward of its response. */
  @Test
  void withoutDiscountsEachTokenIsWorthTheReward() {
    Batch batch = batch();
    try (Network network = new Network(SIZE)) {
      double[] returns =
          critic(network, 1, 1)
              .sampled(batch, batch.samples(Option.none(), false))
              .column(Critic.RETURN)
              .get();
      assertArrayEquals(new double[] {1, 1, 1, 0.25, 0, 0, 0, 0, 0, 0.75, 0.75}, returns, 1e-12);
    }
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

  /** A loss of the value alone leaves nothing of the policy's gradient, and is no run. */
  @Test
  void aCriticIsTrainedBesideAPolicyOrNotAtAll() {
    assertRefused("value-clipped", "trains a critic and no policy");
    Loss untrained =
        Terms.maximise(
            Terms.logProb()
                .times(
                    Terms.given("return", Axis.TOKEN).minus(Terms.given("old_value", Axis.TOKEN)))
                .mean(Over.ALL_TOKENS));
    ProblemException refused =
        assertThrows(ProblemException.class, () -> new Trainable("mine", untrained));
    assertTrue(refused.toString().contains("numbers of a critic and trains none"), "" + refused);
  }

  private static void assertRefused(String name, String said) {
    ProblemException refused = assertThrows(ProblemException.class, () -> recipe(name));
    assertTrue(refused.toString().contains(said), refused.toString());
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
  void aCriticThatIsNoNumberNamesTheToken() {
    Batch batch = batch();
    Finite finite = new Finite(recipe(PPO).loss(), LinkedHashMap.empty(), TASK.symbols());
    double[] values = new double[11];
    assertTrue(finite.values(batch, values).isEmpty());
    values[4] = Double.NaN;
    String said = finite.values(batch, values).get().toString();
    assertTrue(said.contains("no number at token 4, "), said);
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
