package lossmith.lab;

import static lossmith.lab.EchoRuns.SIZE;
import static lossmith.lab.EchoRuns.TASK;
import static lossmith.lab.EchoRuns.recipe;
import static lossmith.lab.EchoRuns.settings;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import lossmith.dsl.Columns;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Sampler;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.Texts;
import lossmith.lab.policy.Texts.Text;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Seeds;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers that some objectives read beside a batch, against loops over single responses. */
class GivenColumnsTest {
  private final Network network = new Network(SIZE);

  /** A policy and a reference that have nothing in common. */
  private final TrainingState state =
      TrainingState.of(
          Start.of(wild(SIZE.initial(Seeds.random(1)))).beside(wild(SIZE.initial(Seeds.random(2)))),
          0,
          LinkedHashMap.empty());

  private final UpdateNumbers numbers = new UpdateNumbers();

  @AfterEach
  void close() {
    state.close();
    network.close();
  }

  /** Weights by which symbols differ much. */
  private static float[] wild(float[] weights) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 3;
    }
    return weights;
  }

  /** A policy that is right now and then. */
  private float[] demonstrated() {
    return new WarmStart(TASK, network, 120).trained(done -> {}, () -> false).get();
  }

  private GivenColumns given(String recipe) {
    return new GivenColumns(recipe(recipe), settings(1, 0), network, TASK);
  }

  /** What the policy answers to these prompts, 4 times each. */
  private Batch batch(String... prompts) {
    return new Answers(new Sampler(network, Alphabet.END), TASK, 1)
        .of(
            state.policy,
            Vector.of(prompts).flatMap(prompt -> Vector.fill(4, prompt)),
            4,
            row -> Seeds.random(5, row));
  }

  /** The columns of some responses; only the shift of rewards looks at logits. */
  private Samples columns(GivenColumns given, Batch rows, boolean pairs, Matrix logits) {
    double[] reference = new double[rows.texts().tokens()];
    Arrays.setAll(reference, t -> -0.5 - 0.25 * (t % 3));
    return given.with(
        rows.samples(Option.some(reference), pairs),
        new GivenColumn.Update(state, rows, logits, LinkedHashMap.empty(), numbers));
  }

  private Samples columns(GivenColumns given, Batch rows, boolean pairs) {
    try (Matrix none = Matrix.zeros(Precision.FLOAT32, 1, 1)) {
      return columns(given, rows, pairs, none);
    }
  }

  private static int[] ids(String text) {
    return TASK.symbols().encode(text);
  }

  /** log π of each symbol of a response to a prompt, read by itself. */
  private double[] logProbs(NetworkWeights weights, int[] prompt, int[] response) {
    try (Network.Forward forward =
        network.forward(weights, new Texts(Vector.of(Text.of(prompt, response))))) {
      double[] found = new double[response.length];
      for (int t = 0; t < response.length; t++) {
        double all = 0;
        for (double logit : forward.logits().row(t)) {
          all += Math.exp(logit);
        }
        found[t] = forward.logits().row(t)[response[t]] - Math.log(all);
      }
      return found;
    }
  }

  private static double sum(double[] numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum;
  }

  @Test
  void aPromptIsReadWithTheResponsesToTheOneBefore() {
    Batch batch = batch("ab:", "cd:", "ab:", "ef:");
    GivenColumns given = given("kto");
    given.begin(state, batch);
    Batch part = given.rows(batch.of(List.of(3, 0, 2)));
    double[] found = columns(given, part, false).column("mismatched_log_ratio").get();
    // ef: has the responses to cd:, which is before it; both groups of ab: those to the last, ef:.
    String[] prompts = {"ef:", "ab:", "ab:"};
    int[] groups = {1, 3, 3};
    for (int row = 0; row < 12; row++) {
      int[] prompt = ids(prompts[row / 4]);
      int[] response = batch.drawn().get(groups[row / 4] * 4 + row % 4).text().response();
      double ratio =
          sum(logProbs(state.policy, prompt, response))
              - sum(logProbs(state.reference, prompt, response));
      assertEquals(ratio, found[row], 1e-5);
      assertNotEquals(0, ratio, 1e-2);
    }
  }

  @Test
  void aBatchOfOnePromptHasNoMismatchedResponses() {
    Batch batch = batch("ab:", "ab:");
    GivenColumns given = given("kto");
    given.begin(state, batch);
    assertEquals(0, given.rows(batch).groups());
  }

  /** As TRL's BCOTrainer keeps it: mean += (mean of the new − mean) · n / (count + n). */
  @Test
  void theShiftIsTheMeanOfAllImplicitRewards(@TempDir Path folder) throws IOException {
    GivenColumns given = given("bco");
    double mean = 0;
    int count = 0;
    Batch whole = batch("ab:", "cd:", "ef:");
    for (Batch rows : List.of(whole.of(List.of(0, 2)), whole.of(List.of(1)))) {
      int width = TASK.symbols().size();
      int tokens = rows.texts().tokens();
      double total = 0;
      Samples samples;
      try (Matrix logits = Matrix.zeros(Precision.FLOAT32, tokens, width)) {
        int[] sampled = rows.texts().sampled();
        for (int t = 0; t < tokens; t++) {
          double[] row = new double[width];
          double all = 0;
          for (int v = 0; v < width; v++) {
            row[v] = (t * 7 + v * 3) % 5 * 0.5;
            all += Math.exp(row[v]);
          }
          logits.write(t, row);
          total += 0.1 * (row[sampled[t]] - Math.log(all) - (-0.5 - 0.25 * (t % 3)));
        }
        samples = columns(given, rows, false, logits);
      }
      int n = rows.drawn().size();
      mean += (total / n - mean) * n / (count + n);
      count += n;
      assertArrayEquals(new double[] {mean}, samples.column("reward_shift").get(), 1e-12);
    }
    assertNotEquals(0, mean, 1e-2);
    state.write(folder.resolve("state"));
    try (TrainingState read =
        TrainingState.read(folder.resolve("state"), 0, LinkedHashMap.empty())) {
      assertEquals(mean, read.rewards / read.rewarded, 1e-15);
      assertEquals(12, read.rewarded);
    }
  }

  /** Of 8 responses k are worth 1: V* = 0.5 log((k e² + 8 − k) / 8). */
  @Test
  void theOptimalValueIsOfResponsesOfTheReference() {
    state.reference.set(demonstrated());
    GivenColumns given = given("a2po");
    Batch batch = batch("ab:", "cd:", "ab:", "ef:");
    given.begin(state, batch);
    Samples samples = columns(given, batch.of(List.of(2, 1, 3)), false);
    double[] found = samples.column("optimal_value").get();
    String[] prompts = {"ab:", "cd:", "ef:"};
    int some = 0;
    for (int group = 0; group < prompts.length; group++) {
      int[] prompt = ids(prompts[group]);
      int right = 0;
      for (int i = 0; i < 8; i++) {
        RandomGenerator own = Seeds.random(3, 8, i, prompt[0], prompt[1], prompt[2]);
        Drawn one =
            new Sampler(network, Alphabet.END)
                .draw(state.reference, Vector.of(prompt), 3, 1, row -> own)
                .head();
        int[] response = one.text().response();
        right += one.finished() && response.length == 2 && response[0] == prompt[0] ? 1 : 0;
      }
      assertEquals(0.5 * Math.log((right * Math.exp(2) + 8 - right) / 8), found[group], 1e-12);
      some += right;
    }
    assertTrue(some > 3 && some < 21, some + " of 24");
    given.begin(state, batch("xx:".replace('x', 'h'), "ab:"));
    assertEquals(
        found[0], columns(given, batch("ab:"), false).column("optimal_value").get()[0], 1e-12);
  }

  @Test
  void aPairIsOfThePolicyAndTheReference() {
    state.reference.set(demonstrated());
    GivenColumns given = given("xpo");
    Batch batch = batch("ab:", "cd:", "ef:", "gh:");
    given.begin(state, batch);
    Batch part = batch.of(List.of(3, 1));
    Batch rows = given.rows(part);
    assertTrue(rows.groups() > 0 && rows.groups() < part.drawn().size(), rows.groups() + " pairs");
    Samples samples = columns(given, rows, true);
    double[] from = samples.column("from_reference").get();
    double[] sign = samples.column(Columns.SIGN).get();
    int token = 0;
    for (int row = 0; row < rows.drawn().size(); row++) {
      int other = row ^ 1;
      assertEquals(rows.prompts().get(row), rows.prompts().get(other));
      assertEquals(1, from[row] + from[other]);
      assertEquals(Math.signum(rows.rewards().get(row) - rows.rewards().get(other)), sign[row]);
      int[] prompt = ids(rows.prompts().get(row));
      int[] response = rows.drawn().get(row).text().response();
      assertEquals(
          response.length == 2 && response[0] == prompt[0] && rows.drawn().get(row).finished()
              ? 1
              : 0,
          rows.rewards().get(row));
      double[] policy = logProbs(state.policy, prompt, response);
      double[] drawnWith =
          logProbs(from[row] == 1 ? state.reference : state.policy, prompt, response);
      for (int t = 0; t < response.length; t++, token++) {
        assertEquals(policy[t], samples.column(Columns.OLD_LOG_PROB).get()[token], 1e-5);
        assertEquals(drawnWith[t], samples.column(Columns.ROLLOUT_LOG_PROB).get()[token], 1e-5);
      }
    }
    // Each response of the policy has one rival, so the policy's are those of the part.
    for (int row = 0; row < rows.drawn().size(); row++) {
      assertEquals(from[row] == 0, part.drawn().contains(rows.drawn().get(row)));
    }
  }

  @Test
  void aTripleIsTheBestTheSecondAndTheWorst() {
    double[] rewards = {0, 0.5, 1, 0.2, /* */ 1, 0, 0, 0, /* */ 0, 1, 1, 0, /* */ 1, 1, 1, 1};
    Batch batch =
        new Batch(
            Vector.fill(rewards.length, "ab:"),
            batch("ab:", "ab:", "ab:", "ab:").drawn(),
            Vector.ofAll(rewards),
            4);
    GivenColumns given = given("tpo-triple");
    given.begin(state, batch);
    Batch rows = given.rows(batch);
    // Of the second and the last group nothing is left: no second response is better than the last.
    Seq<Drawn> expected = Vector.of(2, 1, 0, 9, 10, 8).map(batch.drawn()::get);
    assertEquals(expected, rows.drawn());
    assertEquals(List.of(1.0, 0.5, 0.0, 1.0, 1.0, 0.0), rows.rewards().toList());
    assertArrayEquals(
        new double[] {0, 1, -1, 0, 1, -1}, columns(given, rows, false).column("preference").get());
  }
}
