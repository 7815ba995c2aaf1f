package lossmith.recipes;

import static lossmith.recipes.PartsByHandTest.EVERY;
import static lossmith.recipes.PartsByHandTest.LOG_PROB;
import static lossmith.recipes.PartsByHandTest.three;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/** What is raised where another policy sampled, of responses of one, two and one token. */
final class StaleSamplesByHandTest {
  private static double[] below(double... ratio) {
    double[] other = new double[ratio.length];
    Arrays.setAll(other, t -> LOG_PROB[t] - Math.log(ratio[t]));
    return other;
  }

  private static Samples built(SamplesBuilder samples) {
    return samples.column(Columns.LOG_PROB, Level.Name.TOKEN, LOG_PROB).build();
  }

  /**
   * d = 1: r = 1.1 and w = 1. d = 2: both are √1.21; √4, where r is bounded by 1.2. d = 4: w is
   * 16^(3/4) = 8, above 5.
   */
  @Test
  void theTrustRegionLiesBetweenThePolicyThatSampledAndThePolicy() {
    Samples samples =
        built(
            three(EVERY)
                .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, below(1.1, 1.21, 4, 16))
                .column("staleness", Level.Name.TOKEN, new double[] {1, 2, 2, 4}));
    Loss loss = Composition.of("reward-to-go+clip-interpolated").loss(Conventions.paper());
    assertEquals(-(1.1 + 1.21 + 2 * 1.2 + 0) / 4, Small.value(loss, samples), 1e-14);
    assertArrayEquals(
        new double[] {-1.1 / 4, -1.21 / 4, 0, 0}, Small.gradient(loss, samples), 1e-14);
  }

  private static double aligned(double reward) {
    Samples samples =
        built(
            three(reward, reward, reward)
                .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, LOG_PROB)
                .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, below(1.5, 1.6, 0.9, 1.1)));
    return Small.value(
        Composition.of("reward-to-go+clip-aligned").loss(Conventions.paper()), samples);
  }

  /** Mean distances of 0.5, 0.35 and 0.1: of the first two, tokens pushed farther do not count. */
  @Test
  void whatIsOffIsNotPushedFarther() {
    assertEquals(-(0 + 0 + 1 + 1) / 4.0, aligned(1), 1e-15);
    assertEquals((1 + 1 + 0 + 1) / 4.0, aligned(-1), 1e-15);
  }

  /** Mean rewards are 0.5 and 1: 1 − 0.25·0.5·1/2, 0 − 0.25·0.5·2/2 and 1 − 0.25. */
  @Test
  void aLongResponseToAnEasyPromptEarnsLess() {
    assertEquals(
        (0.9375 * 1 - 0.125 * (2 + 3) + 0.75 * 5) / 4,
        PartsByHandTest.of("relative-length+reward-to-go+token-mean", three(1, 0, 1)),
        1e-15);
  }

  /** r·(log π − log π_ref): 1·0.5, 2·(−1), 1·0 and 3·2; slopes r·(d + 1). */
  @Test
  void theFirstEstimateIsWeightedByTheRatio() {
    double[] reference = {-1.5, -1, -3, -7};
    Samples samples =
        built(
            three(0, 0, 0)
                .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, below(1, 2, 1, 3))
                .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, reference));
    Loss loss =
        Composition.of("reward-to-go+log-prob+token-sum+k1-corrected").loss(Conventions.paper());
    assertEquals(1e-3 * (0.5 - 2 + 0 + 6), Small.value(loss, samples), 1e-15);
    assertArrayEquals(new double[] {1.5e-3, 0, 1e-3, 9e-3}, Small.gradient(loss, samples), 1e-15);
  }
}
