package lossmith.lab.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import lossmith.dsl.ProblemException;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.Texts.Text;
import lossmith.lab.task.Seeds;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
  private static final NetworkSize SIZE = new NetworkSize(2, 8, 2, 9, 5);

  private static Texts texts() {
    return new Texts(
        Vector.of(
            Text.of(new int[] {1, 2}, new int[] {3, 4, 0}),
            Text.of(new int[] {4}, new int[] {2}),
            Text.of(new int[] {2, 2, 1}, new int[] {1, 3, 3, 0}),
            Text.of(new int[] {3}, new int[] {1, 0})));
  }

  /** NetworkWeights that are large enough for every part to matter. */
  private static float[] weights() {
    float[] weights = SIZE.initial(Seeds.random(3));
    RandomGenerator random = Seeds.random(4);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.3 * random.nextGaussian());
    }
    return weights;
  }

  private static double weighed(Network network, float[] weights, float[] by) {
    try (NetworkWeights held = new NetworkWeights(weights);
        Network.Forward forward = network.forward(held, texts())) {
      double[] logits = forward.logits().numbers();
      double sum = 0;
      for (int i = 0; i < logits.length; i++) {
        sum += logits[i] * by[i];
      }
      return sum;
    }
  }

  /** What the other half computes with may be closed when the failure of one is told. */
  @Test
  void bothHalvesHaveEndedWhenOneHasFailed() {
    AtomicBoolean ended = new AtomicBoolean();
    try (Network network = new Network(SIZE)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              network.sideBySide(
                  Vector.of(texts(), texts()),
                  (session, half) -> {
                    if (half == 0) {
                      throw new IllegalStateException("lost");
                    }
                    LockSupport.parkNanos(300_000_000);
                    ended.set(true);
                    return half;
                  }));
      assertTrue(ended.get());
    }
  }

  @Test
  void theGradientIsThatOfTheLogits() {
    Texts texts = texts();
    float[] weights = weights();
    RandomGenerator random = Seeds.random(5);
    float[] by = new float[texts.tokens() * SIZE.vocabulary()];
    for (int i = 0; i < by.length; i++) {
      by[i] = (float) random.nextGaussian();
    }
    try (Network network = new Network(SIZE);
        NetworkWeights held = new NetworkWeights(weights);
        Network.Forward forward = network.forward(held, texts);
        Matrix given = Matrix.zeros(Precision.FLOAT32, texts.tokens(), SIZE.vocabulary())) {
      given.write(0, by);
      float[] gradient = forward.gradient(given);
      assertEquals(weights.length, gradient.length);
      float step = 1e-3f;
      for (int i = 0; i < weights.length; i += 7) {
        float[] more = weights.clone();
        float[] less = weights.clone();
        more[i] += step;
        less[i] -= step;
        double slope =
            (weighed(network, more, by) - weighed(network, less, by))
                / ((double) more[i] - less[i]);
        assertEquals(slope, gradient[i], 0.02 + 0.02 * Math.abs(slope), "weight " + i);
      }
    }
  }

  @Test
  void whatIsDrawnHasTheLogProbsOfTheWholeText() {
    Seq<int[]> prompts =
        Vector.of(new int[] {1, 2}, new int[] {4}, new int[] {2, 2, 1}, new int[] {3, 1});
    try (Network network = new Network(SIZE);
        NetworkWeights held = new NetworkWeights(weights())) {
      Seq<Drawn> drawn =
          new Sampler(network, 0).draw(held, prompts, 6, 0.7, row -> Seeds.random(9, row));
      try (Network.Forward forward = network.forward(held, new Texts(drawn.map(Drawn::text)))) {
        int token = 0;
        for (Drawn one : drawn) {
          int[] response = one.text().response();
          for (int t = 0; t < response.length; t++) {
            double[] logPi = LogSoftmax.of(forward.logits().row(token++), 0.7);
            assertEquals(logPi[response[t]], one.logProbs()[t], 1e-4);
            assertEquals(LogSoftmax.entropy(logPi), one.entropies()[t], 1e-4);
          }
          assertEquals(one.finished(), response[response.length - 1] == 0);
          assertTrue(one.finished() || response.length == 6);
        }
      }
    }
  }

  @Test
  void aResponseDependsOnItsOwnRandomNumbersAlone() {
    try (Network network = new Network(SIZE);
        NetworkWeights held = new NetworkWeights(weights())) {
      Sampler sampler = new Sampler(network, 0);
      Seq<int[]> prompts = Vector.of(new int[] {1, 2}, new int[] {4}, new int[] {3});
      Seq<Drawn> together = sampler.draw(held, prompts, 6, 1, row -> Seeds.random(9, row));
      Seq<Drawn> alone =
          sampler.draw(held, prompts.drop(2), 6, 1, row -> Seeds.random(9, row + 2L));
      assertArrayEquals(together.get(2).text().ids(), alone.get(0).text().ids());
    }
  }

  /** Two draws of four symbols each, thousands of times: shares are probabilities. */
  @Test
  void symbolsAreDrawnAsOftenAsTheyAreProbable() {
    int draws = 4000;
    try (Network network = new Network(SIZE);
        NetworkWeights held = new NetworkWeights(weights())) {
      Seq<Drawn> drawn =
          new Sampler(network, 0)
              .draw(held, Vector.fill(draws, new int[] {2}), 1, 1, row -> Seeds.random(11, row));
      double[] count = new double[SIZE.vocabulary()];
      double[] share = new double[SIZE.vocabulary()];
      for (Drawn one : drawn) {
        int symbol = one.text().response()[0];
        count[symbol]++;
        share[symbol] = Math.exp(one.logProbs()[0]);
      }
      for (int symbol = 0; symbol < count.length; symbol++) {
        double spread = Math.sqrt(share[symbol] * (1 - share[symbol]) / draws);
        assertEquals(share[symbol], count[symbol] / draws, 4 * spread + 1e-3);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0,8,2,9,5", "2,0,2,9,5", "2,8,3,9,5", "2,8,0,9,5", "2,8,2,0,5", "2,8,2,9,1"})
  void sizesThatCannotBeAreRefused(int layers, int width, int heads, int positions, int words) {
    assertThrows(
        ProblemException.class, () -> new NetworkSize(layers, width, heads, positions, words));
  }

  /** By hand: after one step of Adam every weight has moved by the rate, against the gradient. */
  @Test
  void adamMovesByItsRate() {
    float[] weights = {1, -2, 3};
    Adam adam = new Adam(3);
    adam.step(weights, new float[] {0.5f, -4, 0}, 0.1, 100);
    assertArrayEquals(new float[] {0.9f, -1.9f, 3}, weights, 1e-6f);
    adam.step(weights, new float[] {0.5f, 4, 0}, 0.1, 100);
    // m = 0.9·(-0.4) + 0.1·4 = 0.04, /(1 - 0.81); v = 0.016·0.999 + 0.016, /(1 - 0.998001) = 16
    assertArrayEquals(new float[] {0.8f, -1.9f - 0.1f * (0.04f / 0.19f) / 4, 3}, weights, 1e-5f);
    assertEquals(2, adam.steps());
  }

  @Test
  void aLongGradientIsShortened() {
    float[] weights = {0, 0};
    Adam adam = new Adam(2);
    adam.step(weights, new float[] {30, 40}, 0.1, 5);
    assertArrayEquals(new float[] {0.3f, 0.4f}, adam.mean(), 1e-6f);
    assertEquals(50, Adam.norm(new float[] {30, 40}), 1e-9);
    ProblemException refused =
        assertThrows(
            ProblemException.class, () -> adam.step(weights, new float[] {0, Float.NaN}, 0.1, 5));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("NaN"), String.valueOf(refused.getMessage()));
  }
}
