package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/** What parts make of four tokens with log π = −1, −2, −3 and −5. */
final class PartsByHandTest {
  private static final double[] LOG_PROB = {-1, -2, -3, -5};
  private static final double[] EVERY = {1, 1, 1};

  private static double of(String parts, SamplesBuilder samples) {
    Samples built = samples.column(Columns.LOG_PROB, Level.Name.TOKEN, LOG_PROB).build();
    return Small.value(Composition.of("log-prob+" + parts).loss(Conventions.paper()), built);
  }

  /** Two responses of one and two tokens to a prompt, and one of one token to another. */
  private static SamplesBuilder three(double... rewards) {
    return new SamplesBuilder(new int[] {1, 2, 1}, new int[] {0, 0, 1})
        .column(Columns.REWARD, Level.Name.SEQUENCE, rewards);
  }

  private static double finished(String reduction, double... finished) {
    return of(
        "reward-to-go+finished+" + reduction,
        three(EVERY).column(Columns.FINISHED, Level.Name.SEQUENCE, finished));
  }

  @Test
  void sumsOverTokensAreOverNothing() {
    assertEquals(11, finished("token-sum", 1, 1, 1), 1e-15);
    assertEquals(6, finished("token-sum", 0, 1, 0) + finished("token-sum", 1, 0, 0), 1e-15);
  }

  @Test
  void aPromptCountsOnceHoweverManyTokensItHas() {
    assertEquals((2 + 5) / 2.0, finished("prompt-mean", 1, 1, 1), 1e-15);
    assertEquals((2.5 + 5) / 2, finished("prompt-mean", 0, 1, 1), 1e-15);
    assertEquals(2.5, finished("prompt-mean", 0, 1, 0), 1e-15);
  }

  private static double drifted(String correction, double... ratio) {
    double[] rollout = new double[ratio.length];
    for (int t = 0; t < ratio.length; t++) {
      rollout[t] = LOG_PROB[t] - Math.log(ratio[t]);
    }
    return of(
        "reward-to-go+token-mean+" + correction,
        three(EVERY)
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, LOG_PROB)
            .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, rollout));
  }

  @Test
  void theWeightOfAResponseIsTheProductOfItsRatiosOrNothing() {
    assertEquals((2 + 4 * 5) / 4.0, drifted("rollout-sequence-icepop", 2, 2, 2, 6), 1e-12);
    assertEquals((2 + 5 * 0.6) / 4.0, drifted("rollout-sequence-icepop", 2, 2, 3, 0.6), 1e-12);
    assertEquals(0, drifted("rollout-sequence-icepop", 0.4, 0.5, 0.5, 6), 0);
  }

  @Test
  void theGeometricMeanForgivesWhatTheLargestTokenDoesNot() {
    assertEquals((1 + 2 + 3) / 3.0, drifted("reject-sequence-mean-k1", 1, 99, 1 / 99.0, 2), 1e-15);
    assertEquals((1 + 5) / 2.0, drifted("reject-sequence-max-k2", 1, 99, 1 / 99.0, 2), 1e-15);
  }

  @Test
  void oneTokenThatWouldNotBeSampledRejectsItsResponse() {
    assertEquals((1 + 5) / 2.0, drifted("veto-token", 1, 1e6, 0.9e-4, 1), 1e-15);
    assertEquals(11 / 4.0, drifted("veto-token", 1.1e-4, 1e6, 1.1e-4, 1), 1e-15);
  }

  @Test
  void rewardsAreCentredByGroupAndScaledByBatch() {
    double deviation = Math.sqrt(8 / 3.0); // of 1, 5 and 3
    double raised = 2 * 1 - 2 * (2 + 3) + 0 * 5;
    assertEquals(raised / deviation / 4, -of("batch-scaled+token-mean", three(1, 5, 3)), 1e-12);
    assertEquals(0, of("batch-scaled+token-mean", three(2, 2, 2)), 0);
  }
}
