package lossmith.dsl.bind;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** Responses that could not be scored, by hand. */
class UnscoredResponsesTest {
  private static final double NONE = Double.NaN;

  /** One prompt, a token in each response. */
  private static SamplesBuilder builder(double... rewards) {
    int[] ones = new int[rewards.length];
    java.util.Arrays.fill(ones, 1);
    double[] logProbs = new double[rewards.length];
    java.util.Arrays.setAll(logProbs, i -> -1 - i / 8.0);
    boolean[] unscored = new boolean[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      unscored[i] = Double.isNaN(rewards[i]);
    }
    return new SamplesBuilder(ones, new int[rewards.length])
        .column(Columns.REWARD, Level.Name.SEQUENCE, rewards)
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProbs)
        .unscored(unscored);
  }

  private static double[] of(Term<?> term, Samples samples) {
    return new Reference(samples, io.vavr.collection.LinkedHashMap.empty())
        .of(BoundLoss.term(term, Surface.STATISTICS, samples.columns()));
  }

  private static double[] gradient(Loss loss, Samples samples) {
    BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, samples.columns());
    return new Reference(samples, io.vavr.collection.LinkedHashMap.empty())
        .of(bound.gradients().get(Columns.LOG_PROB).get());
  }

  private static final Detached<Sequence> CENTRED =
      reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));

  private static Term<Token> weighted(Detached<Sequence> a) {
    return logProb().weightedBy(a.per(TOKEN));
  }

  @Test
  void theMeanIsThatOfTheScored() {
    Samples samples = builder(1, 0, NONE, 1).build();
    assertArrayEquals(new double[] {1 / 3.0, -2 / 3.0, 0, 1 / 3.0}, of(CENTRED, samples), 1e-15);
    assertArrayEquals(
        new double[] {-1 / 12.0, 1 / 6.0, 0, -1 / 12.0},
        gradient(maximise(weighted(CENTRED).mean(ALL_TOKENS)), samples),
        1e-15);
    assertArrayEquals(new double[4], of(CENTRED, builder(NONE, -1, -1, NONE).build()));
  }

  @Test
  void theNumberOfResponsesIsThatOfTheScoredInsideAnAdvantage() {
    Detached<Sequence> leaveOneOut =
        CENTRED.times(groupSize().dividedBy(groupSize().shiftedBy(-1)).per(SEQUENCE));
    assertArrayEquals(
        new double[] {.5, -1, 0, .5}, of(leaveOneOut, builder(1, 0, NONE, 1).build()), 1e-15);
  }

  /** Tokens without a reward count in denominators and have their penalty. */
  @Test
  void otherTermsStayAsTheyAre() {
    Loss loss = minimise(logProb().square().scaledBy(.5).minus(weighted(CENTRED)).mean(ALL_TOKENS));
    double[] gradient = gradient(loss, builder(1, 0, NONE, 1).build());
    assertEquals(-1.25 / 4, gradient[2], 1e-15);
    assertEquals((-1 - 1 / 3.0) / 4, gradient[0], 1e-15);
  }

  @Test
  void aConditionOnTheRewardIsNo() {
    Samples samples = builder(1, 0, NONE, -1).build();
    Term<Sequence> sum = logProb().sum(TOKENS);
    assertArrayEquals(
        new double[] {-.5, 0, 0, -.5},
        gradient(
            maximise(sum.mean(ALL_SEQUENCES.where(reward().equalTo(constant(0, SEQUENCE)).not()))),
            samples),
        1e-15);
    assertArrayEquals(
        new double[] {.25, -.25, 0, -.25},
        gradient(
            minimise(select(reward().positive(), sum, sum.negated()).mean(ALL_SEQUENCES)), samples),
        1e-15);
  }

  /** The response that is nearest to its reward is left where it is. */
  @Test
  void aRegressionToTheRewardHasNoTarget() {
    Loss loss = minimise(logProb().sum(TOKENS).minus(reward()).square().mean(ALL_SEQUENCES));
    assertEquals(0, gradient(loss, builder(1, 0, NONE, 1).build())[2]);
  }

  @Test
  void whatComparesAllResponsesWithTheirRewardsIsRefused() {
    Term<Sequence> sum = logProb().sum(TOKENS);
    Loss loss =
        minimise(
            sum.minus(sum.mean(SEQUENCES).per(SEQUENCE))
                .minus(reward())
                .square()
                .mean(ALL_SEQUENCES));
    Samples samples = builder(1, 0, NONE, 1).build();
    String told =
        String.valueOf(
            assertThrows(
                    ProblemException.class, () -> assertEquals(0, gradient(loss, samples).length))
                .getMessage());
    assertTrue(told.contains("responses without a reward"), told);
  }

  @Test
  void whereAllAreScoredNothingChanges() {
    Samples samples = builder(1, 0).build();
    assertArrayEquals(of(CENTRED, samples.without(Columns.REWARD_KNOWN)), of(CENTRED, samples));
  }

  private static SamplesBuilder two() {
    return new SamplesBuilder(new int[] {1, 1}, new int[2]);
  }

  @Test
  void aMaskOfRewardsIsOneNumberPerResponse() {
    SamplesBuilder wrong = two().unscored(new boolean[3]);
    assertThrows(ProblemException.class, () -> assertEquals(0, wrong.build().tokens()));
    SamplesBuilder half =
        two().column(Columns.REWARD_KNOWN, Level.Name.SEQUENCE, new double[] {1, .5});
    assertThrows(ProblemException.class, () -> assertEquals(0, half.build().tokens()));
  }
}
