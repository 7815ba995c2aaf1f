package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/**
 * Weights and selections against another sampling policy: a response of two turns with two tokens
 * each, one of two tokens and one of one.
 */
final class RolloutByHandTest {
  private static final double[] OLD = {0.8, 0.7, 0.2, 0.3, 0.4, 0.6, 0.5};
  private static final double[] SAMPLED = {0.5, 0.5, 0.6, 0.35, 0.25, 0.45, 0.25};

  private static double[] raised(String part) {
    double[] logOld = Arrays.stream(OLD).map(Math::log).toArray();
    double[] logSampled = Arrays.stream(SAMPLED).map(Math::log).toArray();
    Samples samples =
        new SamplesBuilder(new int[] {4, 2, 1}, new int[] {0, 0, 0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 1, 1})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, logOld)
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, logOld)
            .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, logSampled)
            .column("segment", Level.Name.TOKEN, new double[] {0, 0, 1, 1, 0, 0, 0})
            .build();
    var loss = Composition.of("reward-to-go+log-prob+token-mean+" + part).loss(Conventions.paper());
    return Arrays.stream(Small.gradient(loss, samples)).map(g -> -g).toArray();
  }

  /** Each kept token counts one over how many are kept. */
  private static void assertKept(String part, int... kept) {
    double n = Arrays.stream(kept).sum();
    assertArrayEquals(Arrays.stream(kept).mapToDouble(k -> k / n).toArray(), raised(part), 1e-15);
  }

  @Test
  void probabilitiesMayDifferByTokenSegmentMeanOrSum() {
    // differences 0.3, 0.2, −0.4, −0.05; 0.15, 0.15; 0.25
    assertKept("reject-sequence-difference", 1, 1, 1, 1, 0, 0, 0);
    assertKept("reject-sequence-mean-difference", 1, 1, 1, 1, 1, 1, 0);
    assertKept("reject-segment-difference", 0, 0, 0, 0, 1, 1, 0);
    assertKept("reject-difference", 0, 0, 0, 1, 0, 0, 0);
  }

  private static void assertWeights(String part, double... weights) {
    double[] each = Arrays.stream(weights).map(w -> w / 7).toArray();
    assertArrayEquals(each, raised(part), 1e-15, part);
  }

  @Test
  void withoutABoundAWeightIsTheRatioOfATokenOrOfAResponse() {
    double w = 1.6 * 1.4 / 3 * 0.3 / 0.35;
    double v = 1.6 * 0.6 / 0.45;
    assertWeights("rollout-is", 1.6, 1.4, 1 / 3.0, 0.3 / 0.35, 1.6, 0.6 / 0.45, 2);
    assertWeights("rollout-sequence-is", w, w, w, w, v, v, 2);
  }

  @Test
  void aGeometricMeanIsHeldFromAbove() {
    double w = Math.pow(1.6 * 1.4 / 3 * 0.3 / 0.35, 0.25);
    double v = Math.sqrt(1.6 * 0.6 / 0.45);
    double turn = Math.sqrt(1 / 3.0 * 0.3 / 0.35);
    assertWeights("rollout-geometric-tis", w, w, w, w, v, v, 2);
    assertWeights("rollout-segment-tis", 1.2, 1.2, turn, turn, 1.2, 1.2, 1.2);
  }
}
