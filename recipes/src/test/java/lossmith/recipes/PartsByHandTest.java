package lossmith.recipes;

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

/** What parts make of four tokens with log π = −1, −2, −3 and −5. */
final class PartsByHandTest {
  static final double[] LOG_PROB = {-1, -2, -3, -5};
  static final double[] EVERY = {1, 1, 1};

  static double of(String parts, SamplesBuilder samples) {
    Samples built = samples.column(Columns.LOG_PROB, Level.Name.TOKEN, LOG_PROB).build();
    return Small.value(Composition.of("log-prob+" + parts).loss(Conventions.paper()), built);
  }

  /** Two responses of one and two tokens to a prompt, and one of one token to another. */
  static SamplesBuilder three(double... rewards) {
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

  /** Of the two tokens of the second response the first is off by 4, the second is not off. */
  private static double offByFour(String part) {
    return drifted(part, 1, 4, 1, 1);
  }

  @Test
  void aTokenAResponseOrNothingIsRejectedByTheSecondAndThirdEstimate() {
    // k2 = log(4)² / 2 = 0.96, k3 = 4 − 1 − log 4 = 1.61
    assertEquals((1 + 3 + 5) / 3.0, offByFour("reject-token-k2"), 1e-15);
    assertEquals((1 + 3 + 5) / 3.0, offByFour("reject-token-k3"), 1e-15);
    assertEquals((1 + 5) / 2.0, offByFour("reject-sequence-k2"), 1e-15);
    assertEquals((1 + 5) / 2.0, offByFour("reject-sequence-k3"), 1e-15);
    assertEquals((1 + 5) / 2.0, offByFour("reject-sequence-mean-k2"), 1e-15);
    assertEquals(11 / 4.0, offByFour("reject-sequence-max-k3"), 1e-15);
    assertEquals((1 + 5) / 2.0, drifted("reject-sequence-max-k3", 1, 6, 1, 1), 1e-15);
  }

  @Test
  void aSegmentIsKeptByItsOwnGeometricMean() {
    SamplesBuilder samples = new SamplesBuilder(new int[] {4}, new int[] {0});
    double[] rollout = {-1 + 0.2, -2 - 0.2, -3 + 0.2, -5 + 0.1};
    double kept =
        of(
            "reward-to-go+token-mean+reject-segment",
            samples
                .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1})
                .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, LOG_PROB)
                .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, rollout)
                .column("segment", Level.Name.TOKEN, new double[] {0, 0, 1, 1}));
    assertEquals((1 + 2) / 2.0, kept, 1e-15);
  }

  @Test
  void aDifferenceOfProbabilitiesForgivesWhatIsImprobable() {
    // e^−1 − e^−1 / 2 = 0.18, but 10 e^−5 − e^−5 = 0.06
    assertEquals((2 + 3 + 5) / 3.0, drifted("reject-difference", 2, 1, 1, 0.1), 1e-15);
  }

  @Test
  void oneTokenThatWouldNotBeSampledRejectsItsResponse() {
    assertEquals((1 + 5) / 2.0, drifted("veto-token", 1, 1e6, 0.9e-4, 1), 1e-15);
    assertEquals(11 / 4.0, drifted("veto-token", 1.1e-4, 1e6, 1.1e-4, 1), 1e-15);
  }

  private static double taught(String advantage, double... distance) {
    double[] teacher = new double[distance.length];
    Arrays.setAll(teacher, t -> LOG_PROB[t] + distance[t]);
    return -of(
        advantage + "+token-sum",
        three(1, 5, 3)
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, LOG_PROB)
            .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, teacher));
  }

  @Test
  void aTeacherRaisesWhatItFindsMoreProbable() {
    assertEquals(-1 * 3 - 2 * 0.5 + 3 * 2 - 5 * 7, taught("teacher", 3, 0.5, -2, 7), 1e-12);
    double toGo = -1 * 3 - 2 * (0.5 - 0.95 * 2) + 3 * 2 - 5 * 7;
    assertEquals(toGo, taught("teacher-to-go", 3, 0.5, -2, 7), 1e-12);
    double both = -1 * (3 - 1) - (2 + 3) * 1 - 2 * 0.5 + 3 * 2 - 5 * 7;
    assertEquals(both, taught("group-normalised-teacher", 3, 0.5, -2, 7), 1e-12);
  }

  @Test
  void aTeacherCountsLessAfterWhatIsAlreadyFar() {
    double second = 1.5 * -2 * 0.5 + (1 + 0.5 * (1 - 0.5 / 2.5)) * 3 * 2;
    double early = 1.5 * -1 * 3 + second - 1.5 * 5 * 7;
    assertEquals(early, taught("teacher-early", 3, 0.5, -2, 7), 1e-12);
    assertEquals(0, taught("teacher-early", 0, 0, 0, 0), 0);
  }

  @Test
  void whatWasTrackedOfAPromptIsTakenOff() {
    double std = Math.sqrt(2 / 3.0); // of 0, 2 and 1
    double raised = 1 * 1 - 1 * (2 + 3) + 0 * 5;
    SamplesBuilder samples =
        three(1, 3, 5).column("tracked_reward", Level.Name.GROUP, new double[] {1, 4});
    assertEquals(raised / std / 4, -of("tracked-baseline+token-mean", samples), 1e-12);
  }

  private static double near(String surrogate, double first, double... old) {
    double[] logOld = Arrays.stream(old).map(Math::log).toArray();
    Samples samples =
        new SamplesBuilder(new int[] {1, 1}, new int[] {0, 0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {first, -2})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {Math.log(0.5), Math.log(0.4)})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, logOld)
            .build();
    return -Small.value(
        Composition.of("reward-to-go+token-sum+" + surrogate).loss(Conventions.paper()), samples);
  }

  @Test
  void beyondARangeOfProbabilityThereIsNothingOrOnlyTheWayBack() {
    assertEquals(3 * 0.5 / 0.45 - 2 * 0.4 / 0.35, near("ratio-near", 3, 0.45, 0.35), 1e-12);
    assertEquals(0, near("ratio-near", 3, 0.39, 0.51), 0);
    assertEquals(3 * 0.5 / 0.75, near("ratio-near-or-back", 3, 0.75, 0.61), 1e-12);
    assertEquals(-2 * 0.4 / 0.1, near("ratio-near-or-back", 3, 0.29, 0.1), 1e-12);
  }

  @Test
  void aHeldRatioOutsideItsBoundsIsNothing() {
    double inside = 3 * 0.5 / 0.45 * Math.log(0.5);
    assertEquals(inside, near("held-ratio-inside", 3, 0.45, 0.3), 1e-12);
  }

  private static double critic(String part) {
    double[] error = {0.5, -12, 0, 20};
    Samples samples =
        three(0, 0, 0)
            .column(Columns.LOG_PROB, Level.Name.TOKEN, LOG_PROB)
            .column("return", Level.Name.TOKEN, new double[] {1, 1, 1, 1})
            .column(Columns.VALUE, Level.Name.TOKEN, Arrays.stream(error).map(x -> 1 + x).toArray())
            .build();
    Loss loss = Composition.of("reward-to-go+token-sum+" + part).loss(Conventions.paper());
    return Small.value(loss, samples) / 0.5;
  }

  @Test
  void aValueIsPulledByItsError() {
    assertEquals(0.125 + (120 - 50) + (200 - 50), critic("value-error-huber"), 1e-12);
    assertEquals(0.3 * 0.5 + 0.7 * 12 + 0.3 * 20, critic("value-error-quantile"), 1e-12);
    assertEquals(0.3 * 0.25 + 0.7 * 144 + 0.3 * 400, critic("value-error-expectile"), 1e-12);
    assertEquals((0.25 + 144 + 400) / 2, critic("value-error-normalised"), 1e-12);
  }

  @Test
  void aPolicyIsHeldNearTheInferenceEngine() {
    double squares = Math.pow(Math.log(2), 2) + Math.pow(Math.log(4), 2);
    assertEquals((11 + 1e-3 * squares) / 4, drifted("squared-log-ratio", 2, 1, 1, 4), 1e-12);
  }

  @Test
  void rewardsAreCentredByGroupAndScaledByBatch() {
    double std = Math.sqrt(8 / 3.0); // of 1, 5 and 3
    double raised = 2 * 1 - 2 * (2 + 3) + 0 * 5;
    assertEquals(raised / std / 4, -of("batch-scaled+token-mean", three(1, 5, 3)), 1e-12);
    assertEquals(0, of("batch-scaled+token-mean", three(2, 2, 2)), 0);
  }

  private static double[] advantages(String part, Conventions c) {
    double[] even = {-1, -1, -1};
    Samples samples =
        new SamplesBuilder(new int[] {1, 1, 1}, new int[] {0, 0, 1})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0, 5})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, even)
            .build();
    double[] slope = Small.gradient(Composition.of(part + "+log-prob+token-sum").loss(c), samples);
    return Arrays.stream(slope).map(x -> -x).toArray();
  }

  /**
   * verl takes 0 for the baseline of a response that is alone in grpo, rloo, opo, gpg and
   * reinforce_plus_plus_baseline, and whitens with n − 1 (core_algos.py:267-830 and {@code
   * masked_whiten} at 1dda039b).
   */
  @Test
  void verlKeepsTheRewardOfAResponseThatIsAlone() {
    Conventions verl = Conventions.verl();
    Conventions paper = Conventions.paper();
    assertArrayEquals(new double[] {0.5, -0.5, 0}, advantages("group-centred", paper), 1e-15);
    assertArrayEquals(new double[] {0.5, -0.5, 5}, advantages("group-centred", verl), 1e-15);
    assertArrayEquals(new double[] {1, -1, 5}, advantages("leave-one-out", verl), 1e-15);
    assertArrayEquals(
        new double[] {0.5, -0.5, 5}, advantages("optimal-reward-baseline", verl), 1e-15);
    // two of three responses have a reward: α = 3/2
    assertArrayEquals(new double[] {0.75, -0.75, 7.5}, advantages("gpg-scaled", verl), 1e-15);
    // 1/2, −1/2 and 5 less their mean 5/3 are −7/6, −13/6 and 20/6; variance 618/36/2
    double std = Math.sqrt(309);
    assertArrayEquals(
        new double[] {-7 / std, -13 / std, 20 / std}, advantages("whitened", verl), 1e-14);
    // ±1/2 and 0: variance 1/6 with n
    assertArrayEquals(
        new double[] {Math.sqrt(1.5), -Math.sqrt(1.5), 0}, advantages("whitened", paper), 1e-14);
  }

  /**
   * PRIME: Σ_(s≥t) (q_s − mean of the others' q) + R − mean of the others' R, q a token's reward; 0
   * for a response without others.
   */
  @Test
  void processRewardsAreCountedAgainstTheOtherResponses() {
    double first = 0.3 - 0.4 + 1;
    double second = 0.1 - 0.3 + (0.7 - 0.3) - 1;
    double third = 0.7 - 0.3 - 1;
    double alone = 0;
    assertEquals(
        (first + 2 * second + 3 * third + 5 * alone) / 4,
        of(
            "implicit-process",
            three(1, 0, 1)
                .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, new double[] {0.3, 0.1, 0.7, 0.2})),
        1e-15);
  }
}
