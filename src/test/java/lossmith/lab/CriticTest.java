package lossmith.lab;

import static lossmith.lab.EchoRuns.SIZE;
import static lossmith.lab.EchoRuns.TASK;
import static lossmith.lab.EchoRuns.at;
import static lossmith.lab.EchoRuns.recipe;
import static lossmith.lab.EchoRuns.settings;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Sampler;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.Texts.Text;
import lossmith.lab.policy.ValueHead;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Seeds;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

/** Objectives that train a critic beside the policy. */
class CriticTest {
  private static final String PPO = "ppo-actor-critic";

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
    Loss ofRivals =
        recipe("xpo").loss().plus(Terms.minimise(Terms.value().square().mean(Over.ALL_TOKENS)));
    ProblemException rivals =
        assertThrows(ProblemException.class, () -> new Trainable("mine", ofRivals));
    assertTrue(rivals.toString().contains("reads from_reference and the numbers"), "" + rivals);
  }

  private static void assertRefused(String name, String said) {
    ProblemException refused = assertThrows(ProblemException.class, () -> recipe(name));
    assertTrue(refused.toString().contains(said), refused.toString());
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

  /** By hand: two responses of one token each, values 0.5 and 0, rewards 1 and 0. */
  @Test
  void theNumbersOfABatchAreThoseOfItsDefinition() {
    Batch batch = pair(1, 0);
    try (Network network = new Network(SIZE)) {
      Critic critic = critic(network, 1, 1);
      Map<String, Double> numbers = critic.numbers(batch);
      assertEquals(0.25, numbers.get("critic/values/mean").get());
      assertEquals(0.5, numbers.get("critic/returns/mean").get());
      // Var(0.5, 0) = 1/8, Var(1, 0) = 1/2, and 1e-5 is added to the latter.
      assertEquals(1 - 0.125 / 0.50001, numbers.get("critic/vf_explained_var").get(), 1e-12);
      assertFalse(critic.numbers(pair(1, 1)).containsKey("critic/vf_explained_var"));
    }
  }

  private static Batch pair(double first, double second) {
    Drawn one = new Drawn(Text.of(new int[] {1}, new int[1]), new double[1], new double[1], true);
    return new Batch(
        Vector.of("a", "a"),
        Vector.of(one.valued(new double[] {0.5}), one.valued(new double[] {0})),
        Vector.of(first, second),
        2);
  }

  /**
   * The loss in double precision by the reference evaluator, at weights that are moved a little.
   */
  @Test
  void theGradientOfAllWeightsIsThatOfTheLoss() {
    Loss loss = recipe(PPO).loss();
    ValueHead head = new ValueHead(SIZE);
    try (Network network = new Network(SIZE);
        TrainingState state =
            TrainingState.of(
                Start.of(noise(SIZE.weights(), 3)), head.weights(), LinkedHashMap.empty());
        FusedLoss compiled = Compile.of(loss).vocabulary(SIZE.vocabulary()).logits()) {
      System.arraycopy(noise(head.weights(), 4), 0, state.numbers, SIZE.weights(), head.weights());
      Critic critic = critic(network, 1, 0.95);
      Batch batch = critic.valued(state, drawn(network, state));
      Samples samples = critic.sampled(batch, batch.samples(Option.none(), false));
      float[] found;
      try (Network.Forward forward = network.forward(state.policy, batch.texts());
          Matrix gradient = Matrix.zeros(Precision.FLOAT32, samples.tokens(), SIZE.vocabulary())) {
        Critic.Judgement judged = critic.at(state, forward);
        Evaluation evaluation =
            compiled.evaluate(
                judged.told(batch, batch.samples(Option.none(), false)),
                new Policy.Logits(forward.logits(), gradient));
        found = judged.gradient(forward, gradient, evaluation);
      }
      assertEquals(state.numbers.length, found.length);
      Node value =
          BoundLoss.of(
                  loss, Surface.LOGITS, samples.columns().add(Columns.VALUE).add(BoundLoss.LOGITS))
              .value();
      float step = 5e-4f;
      for (int i = 0; i < found.length; i += i < SIZE.weights() ? 29 : 1) {
        float[] more = state.numbers.clone();
        float[] less = state.numbers.clone();
        more[i] += step;
        less[i] -= step;
        double slope =
            (loss(value, network, batch, samples, more)
                    - loss(value, network, batch, samples, less))
                / ((double) more[i] - less[i]);
        assertEquals(slope, found[i], 5e-4 + 0.01 * Math.abs(slope), "weight " + i);
      }
    }
  }

  private static float[] noise(int count, int seed) {
    RandomGenerator random = Seeds.random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (0.3 * random.nextGaussian());
    }
    return numbers;
  }

  private static Batch drawn(Network network, TrainingState state) {
    Seq<String> prompts = Vector.of("ab:", "ab:", "gh:", "gh:");
    return new Batch(
        prompts,
        new Sampler(network, Alphabet.END)
            .draw(
                state.policy,
                prompts.map(TASK.symbols()::encode),
                TASK.longestResponse(),
                1,
                row -> Seeds.random(8, row)),
        Vector.of(1.0, 0.0, 0.5, 0.25),
        2);
  }

  private static double loss(
      Node value, Network network, Batch batch, Samples samples, float[] numbers) {
    int policy = SIZE.weights();
    try (NetworkWeights weights = new NetworkWeights(Arrays.copyOf(numbers, policy));
        Network.Forward forward = network.forward(weights, batch.texts())) {
      double[] values =
          new ValueHead(SIZE)
              .values(Arrays.copyOfRange(numbers, policy, numbers.length), forward.hidden());
      Samples whole =
          samples
              .with(Columns.VALUE, Level.Name.TOKEN, values)
              .with(BoundLoss.LOGITS, Grid.of(forward.logits().numbers(), SIZE.vocabulary()));
      return new Reference(whole, LinkedHashMap.empty()).number(value);
    }
  }
}
