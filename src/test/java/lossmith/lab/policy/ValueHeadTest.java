package lossmith.lab.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Vector;
import java.util.random.RandomGenerator;
import lossmith.lab.policy.Texts.Text;
import lossmith.lab.task.Seeds;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

class ValueHeadTest {
  private static final NetworkSize SIZE = new NetworkSize(2, 8, 2, 9, 5);

  private static final ValueHead HEAD = new ValueHead(SIZE);

  private static final Texts TEXTS =
      new Texts(
          Vector.of(
              Text.of(new int[] {1, 2}, new int[] {3, 4, 0}),
              Text.of(new int[] {4}, new int[] {2}),
              Text.of(new int[] {2, 2, 1}, new int[] {1, 3, 3, 0})));

  private static float[] numbers(int count, int seed) {
    RandomGenerator random = Seeds.random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (0.3 * random.nextGaussian());
    }
    return numbers;
  }

  /** Weights that are large enough for every part to matter. */
  private static float[] weights() {
    float[] weights = SIZE.initial(Seeds.random(3));
    float[] more = numbers(weights.length, 4);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += more[i];
    }
    return weights;
  }

  private static double[] slopes() {
    double[] slopes = new double[TEXTS.tokens()];
    float[] drawn = numbers(slopes.length, 7);
    for (int t = 0; t < slopes.length; t++) {
      slopes[t] = drawn[t];
    }
    return slopes;
  }

  /** Σ by · logits + Σ slope · V. */
  private static double weighed(Network network, float[] weights, float[] head, float[] by) {
    try (NetworkWeights held = new NetworkWeights(weights);
        Network.Forward forward = network.forward(held, TEXTS)) {
      double sum = 0;
      double[] logits = forward.logits().numbers();
      for (int i = 0; i < logits.length; i++) {
        sum += by[i] * logits[i];
      }
      double[] values = HEAD.values(head, forward.hidden());
      double[] slopes = slopes();
      for (int t = 0; t < values.length; t++) {
        sum += slopes[t] * values[t];
      }
      return sum;
    }
  }

  private static void assertSlope(double more, double less, double apart, double found, int i) {
    double slope = (more - less) / apart;
    assertEquals(slope, found, 0.02 + 0.02 * Math.abs(slope), "weight " + i);
  }

  @Test
  void theGradientIsThatOfLogitsAndValues() {
    float[] weights = weights();
    float[] head = numbers(HEAD.weights(), 6);
    float[] by = numbers(TEXTS.tokens() * SIZE.vocabulary(), 5);
    float step = 1e-3f;
    try (Network network = new Network(SIZE);
        NetworkWeights held = new NetworkWeights(weights);
        Network.Forward forward = network.forward(held, TEXTS);
        Matrix given = Matrix.zeros(Precision.FLOAT32, TEXTS.tokens(), SIZE.vocabulary())) {
      given.write(0, by);
      float[] found = forward.gradient(given, HEAD.hiddenGradient(head, slopes()));
      float[] ofLogits = forward.gradient(given);
      double most = 0;
      for (int i = 0; i < weights.length; i++) {
        most = Math.max(most, Math.abs(found[i] - ofLogits[i]));
      }
      assertTrue(most > 0.5, "the values matter: " + most);
      for (int i = 0; i < weights.length; i += 7) {
        float[] more = weights.clone();
        float[] less = weights.clone();
        more[i] += step;
        less[i] -= step;
        assertSlope(
            weighed(network, more, head, by),
            weighed(network, less, head, by),
            (double) more[i] - less[i],
            found[i],
            i);
      }
      float[] own = HEAD.gradient(forward.hidden(), slopes());
      assertEquals(head.length, own.length);
      for (int i = 0; i < head.length; i++) {
        float[] more = head.clone();
        float[] less = head.clone();
        more[i] += step;
        less[i] -= step;
        assertSlope(
            weighed(network, weights, more, by),
            weighed(network, weights, less, by),
            (double) more[i] - less[i],
            own[i],
            i);
      }
    }
  }

  /** The output layer lies at the end of the weights; with it the logits come out again. */
  @Test
  void theHiddenStatesAreThoseThatTheLogitsAreMadeOf() {
    float[] weights = weights();
    try (Network network = new Network(SIZE);
        NetworkWeights held = new NetworkWeights(weights);
        Network.Forward forward = network.forward(held, TEXTS)) {
      float[] hidden = forward.hidden();
      int width = SIZE.width();
      int words = SIZE.vocabulary();
      int from = weights.length - width * words;
      for (int t = 0; t < TEXTS.tokens(); t++) {
        double[] logits = new double[words];
        for (int i = 0; i < width; i++) {
          for (int v = 0; v < words; v++) {
            logits[v] += (double) hidden[t * width + i] * weights[from + i * words + v];
          }
        }
        assertArrayEquals(forward.logits().row(t), logits, 1e-5);
      }
    }
  }

  /** By hand: w·h + b of two states of width 8, the first all 1, the second 1 to 8. */
  @Test
  void aValueIsLinearInTheHiddenState() {
    float[] hidden = {1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8};
    float[] head = {1, 0, 0, 0, 0, 0, 0, 2, 0.5f};
    assertArrayEquals(new double[] {3.5, 17.5}, HEAD.values(head, hidden));
    assertArrayEquals(new double[] {0, 0}, HEAD.values(new float[9], hidden));
  }
}
