package lossmith.recipes;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/**
 * Rewards that agree to rounding in the type that they were recorded in are equal; others are not,
 * however little they differ, and however large or small they are.
 */
final class RoundingTest {
  private static final float SINGLE = 0.3f;

  private static final double[] SUMMED = {0.1 + 0.2, 0.3, 0.3, 0.3};

  private static final double[] SINGLES = {
    Math.nextUp(SINGLE), SINGLE, Math.nextDown(SINGLE), SINGLE
  };

  private static final List<String> COMPARING =
      List.of(
          "group-normalised",
          "group-centred",
          "batch-scaled",
          "leave-one-out",
          "optimal-reward-baseline",
          "pass-rate-normalised",
          "gpg-scaled",
          "pass-at-k",
          "tracked-baseline",
          "whitened");

  /** Responses of one token to one prompt. */
  private static SamplesBuilder responses(double... rewards) {
    int[] lengths = new int[rewards.length];
    Arrays.fill(lengths, 1);
    double[] logProb = new double[rewards.length];
    Arrays.fill(logProb, -1);
    return new SamplesBuilder(lengths, new int[rewards.length])
        .column(Columns.REWARD, Level.Name.SEQUENCE, rewards)
        .column("tracked_reward", Level.Name.GROUP, new double[] {0.25})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb);
  }

  /** A, the slope of Σ A log π. */
  private static double[] advantages(String parts, Samples samples) {
    Loss loss = Composition.of(parts + "+log-prob+token-sum").loss(Conventions.paper());
    return Arrays.stream(Small.gradient(loss, samples)).map(x -> 0 - x).toArray();
  }

  private static double[] turned(double[] rewards, int by) {
    double[] turned = new double[rewards.length];
    Arrays.setAll(turned, i -> rewards[(i + by) % rewards.length]);
    return turned;
  }

  private static boolean differs(Samples samples) {
    Condition<Level.Group> differs = reward().differs(SEQUENCES);
    return new Reference(samples, HashMap.empty()).of(differs.indicator().node())[0] == 1;
  }

  @Test
  void rewardsThatAgreeToRoundingTeachNothingInAnyOrder() {
    for (String part : COMPARING) {
      for (double[] rewards : new double[][] {SUMMED, SINGLES}) {
        for (int by = 0; by < 4; by++) {
          Samples samples = responses(turned(rewards, by)).build();
          assertArrayEquals(new double[4], advantages(part, samples), 0, part);
        }
      }
    }
  }

  @Test
  void aGroupThatAgreesIsNotInformative() {
    assertEquals(false, differs(responses(SUMMED).build()));
    assertEquals(false, differs(responses(SINGLES).build()));
    assertEquals(false, differs(responses(0.7).build()));
    assertEquals(false, differs(responses(0, 0, 0).build()));
    // a float32 beside what is none was not recorded as one
    assertEquals(true, differs(responses(0.5, 0.5 + 1e-9).build()));
    assertEquals(true, differs(responses(1, 1 + 1e-9).build()));
    // whole numbers are exact
    assertEquals(true, differs(responses(16_000_000, 16_000_001).build()));
    assertEquals(true, differs(responses(SINGLE, SINGLE + 2e-6).build()));
    // eight ulps and nine
    assertEquals(false, differs(responses(1, 1 + 8 * Math.ulp(1.0)).build()));
    assertEquals(true, differs(responses(1, 1 + 10 * Math.ulp(1.0)).build()));
    assertEquals(false, differs(responses(1.5, 1.5 + 8 * Math.ulp(1f)).build()));
    assertEquals(true, differs(responses(1.5, 1.5 + 16 * Math.ulp(1f)).build()));
  }

  @Test
  void aMeanOfRoundingNormalisesNothing() {
    Samples samples = responses(0.1, 0.2, -0.3).build();
    assertArrayEquals(new double[3], advantages("pass-rate-normalised", samples), 0);
    // 0.2/0.1, −0.1/0.1, −0.1/0.1 of a mean of 0.1
    assertArrayEquals(
        new double[] {2, -1, -1},
        advantages("pass-rate-normalised", responses(0.3, 0, 0).build()),
        1e-15);
  }

  @Test
  void largeAndSmallRewardsAreComparedAsOthersAre() {
    for (double size : new double[] {1e200, 1, 1e-200}) {
      Samples samples = responses(0, size).build();
      assertArrayEquals(new double[] {-1, 1}, advantages("group-normalised", samples), 1e-15);
      assertArrayEquals(new double[] {-1, 1}, advantages("batch-scaled", samples), 1e-15);
      assertArrayEquals(new double[] {-1, 1}, advantages("whitened", samples), 1e-15);
    }
  }

  @Test
  void theBestIsWhoLeadsByMoreThanRounding() {
    assertArrayEquals(
        new double[3], advantages("pass-at-k", responses(1, Math.nextUp(1.0), 0).build()), 0);
    assertArrayEquals(
        new double[] {0, 0.5, 0}, advantages("pass-at-k", responses(1, 1.5, 0).build()), 1e-15);
  }

  /** 1.3 − 1 is off 0.3 by an ulp of 1.3, and 0.1f + 0.2f as doubles off 0.3f by 7e-9. */
  @Test
  void computedRewardsAreAsRoundAsWhatTheyAreComputedFrom() {
    assertArrayEquals(
        new double[2],
        advantages(
            "exploration-bonus+group-normalised",
            responses(1000.3, 0.3)
                .column("bonus", Level.Name.SEQUENCE, new double[] {-1000, 0})
                .build()),
        0);
    assertArrayEquals(
        new double[2],
        advantages(
            "exploration-bonus+group-normalised",
            responses(0.1f, 0.3f)
                .column("bonus", Level.Name.SEQUENCE, new double[] {0.2f, 0})
                .build()),
        0);
    assertArrayEquals(
        new double[] {-1, 1},
        advantages(
            "exploration-bonus+group-normalised",
            responses(0.1f, 0.3f)
                .column("bonus", Level.Name.SEQUENCE, new double[] {0.1f, 0})
                .build()),
        1e-15);
  }

  /** √2 tokens of log-probs of 0.3 and 0.1 in float32: 8·√2·0.05·2⁻²³·(0.3 + 0.1) = 2.7e-8. */
  @Test
  void aPenaltyIsAsRoundAsItsLogProbs() {
    double[] none = new double[3];
    String parts = "reward-less-k1+group-normalised";
    assertArrayEquals(none, advantages(parts, penalised(-0.1f, -0.2f, -0.3f)), 0);
    assertArrayEquals(
        new double[] {-1, -1, 1}, advantages(parts, penalised(-0.1f, -0.2f, -0.4f)), 1e-6);
  }

  private static Samples penalised(double... old) {
    return new SamplesBuilder(new int[] {2, 1}, new int[2])
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 1})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, new double[3])
        .column(Columns.LOG_PROB, Level.Name.TOKEN, old)
        .build();
  }

  @Test
  void whatIsComparedOverTheBatchAgreesOverTheBatch() {
    var apart = reward().minus(given("tracked_reward", GROUP).per(SEQUENCE));
    Samples samples = responses(SUMMED).build();
    double[] differs =
        new Reference(samples, HashMap.empty()).of(apart.differs(ALL_SEQUENCES).indicator().node());
    assertArrayEquals(new double[1], differs);
  }
}
