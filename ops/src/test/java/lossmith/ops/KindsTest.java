package lossmith.ops;

import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.logProb;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of node against numbers worked out by hand, on responses of 3, 0, 1 and 2 tokens. */
final class KindsTest {
  private static final Detached<Token> KEY = Terms.given("key", Axis.TOKEN);
  private static final Condition<Token> KEPT = Terms.given("kept", Axis.TOKEN).positive();

  /** x = 1 4 2 | | 3 | 5 5, with two equal keys in the first and in the last response. */
  private static Samples samples() {
    return Batches.four(1, 4, 2, 3, 5, 5)
        .column("key", Level.Name.TOKEN, new double[] {7, 7, 9, 7, 8, 8})
        .column("kept", Level.Name.TOKEN, new double[] {0, 1, 1, 0, 1, 0})
        .build();
  }

  private static void is(Precision precision, Term<?> term, double... expected) {
    double tolerance = precision == Precision.FLOAT64 ? 1e-14 : 1e-6;
    assertArrayEquals(expected, Batches.run(term, samples(), precision), 5 * tolerance);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void elementwise(Precision p) {
    Term<Token> x = logProb();
    is(p, x.negated(), -1, -4, -2, -3, -5, -5);
    is(p, x.square(), 1, 16, 4, 9, 25, 25);
    is(p, x.shiftedBy(-3).abs(), 2, 1, 1, 0, 2, 2);
    is(p, KEY.minus(constant(8, Axis.TOKEN)).sign(), -1, -1, 1, -1, 0, 0);
    is(p, KEY.scaledBy(0.3).floor(), 2, 2, 2, 2, 2, 2);
    is(p, x.log().exp(), 1, 4, 2, 3, 5, 5);
    is(p, x.log1p().expm1(), 1, 4, 2, 3, 5, 5);
    is(p, x.square().sqrt(), 1, 4, 2, 3, 5, 5);
    is(p, x.scaledBy(0).sigmoid(), .5, .5, .5, .5, .5, .5);
    is(p, x.scaledBy(0).tanh(), 0, 0, 0, 0, 0, 0);
    double two = Math.log(2);
    is(p, x.scaledBy(0).softplus(), two, two, two, two, two, two);
    is(p, x.scaledBy(0).logSigmoid(), -two, -two, -two, -two, -two, -two);
    is(p, x.scaledBy(0).shiftedBy(-two).log1mExp(), -two, -two, -two, -two, -two, -two);
    is(p, x.plus(KEY), 8, 11, 11, 10, 13, 13);
    is(p, x.minus(KEY), -6, -3, -7, -4, -3, -3);
    is(p, x.times(KEY), 7, 28, 18, 21, 40, 40);
    is(p, x.dividedBy(constant(2, Axis.TOKEN)), .5, 2, 1, 1.5, 2.5, 2.5);
    is(p, Terms.min(x, constant(3, Axis.TOKEN)), 1, 3, 2, 3, 3, 3);
    is(p, Terms.max(x, constant(3, Axis.TOKEN)), 3, 4, 3, 3, 5, 5);
    is(p, Terms.logAddExp(x, x), 1 + two, 4 + two, 2 + two, 3 + two, 5 + two, 5 + two);
    is(p, x.clip(Clip.atMost(constant(3, Axis.BATCH))), 1, 3, 2, 3, 3, 3);
    is(p, x.clipBetween(constant(2, Axis.TOKEN), constant(4, Axis.TOKEN)), 2, 4, 2, 3, 4, 4);
    is(p, x.stopGradient(), 1, 4, 2, 3, 5, 5);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void conditions(Precision p) {
    Term<Token> x = logProb();
    Detached<Token> yes = constant(1, Axis.TOKEN);
    Detached<Token> no = constant(0, Axis.TOKEN);
    Detached<Token> three = constant(3, Axis.TOKEN);
    is(p, Terms.select(x.below(three), yes, no), 1, 0, 1, 0, 0, 0);
    is(p, Terms.select(x.atMost(three), yes, no), 1, 0, 1, 1, 0, 0);
    is(p, Terms.select(x.equalTo(three), yes, no), 0, 0, 0, 1, 0, 0);
    is(p, Terms.select(KEPT.and(x.above(three)), yes, no), 0, 1, 0, 0, 1, 0);
    is(p, Terms.select(KEPT.or(x.above(three)), yes, no), 0, 1, 1, 0, 1, 1);
    is(p, Terms.select(KEPT.not(), yes, no), 1, 0, 0, 1, 0, 1);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void whatIsNotSelectedMayBeNaN(Precision p) {
    Term<Token> nan = logProb().negated().sqrt();
    is(p, Terms.select(KEPT.not().and(KEPT), nan, logProb()), 1, 4, 2, 3, 5, 5);
    Term<Token> partly = Terms.select(KEPT, logProb(), nan);
    is(p, partly.sum(Over.TOKENS.where(KEPT)), 6, 0, 0, 5);
    is(p, partly.mean(Over.ALL_TOKENS.where(KEPT)), 11 / 3.0);
    is(p, partly.std(Over.TOKENS.where(KEPT), 0), 1, 0, 0, 0);
    is(p, partly.max(Over.TOKENS.where(KEPT)), 4, 0, 0, 5);
    is(p, partly.min(Over.TOKENS.where(KEPT)), 2, 0, 0, 5);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void reductions(Precision p) {
    Term<Token> x = logProb();
    is(p, x.sum(Over.TOKENS), 7, 0, 3, 10);
    is(p, x.mean(Over.TOKENS), 7 / 3.0, 0, 3, 5);
    is(p, x.mean(Over.ALL_TOKENS), 20 / 6.0);
    is(p, x.sum(Over.GROUP_TOKENS), 10, 10);
    is(p, x.max(Over.TOKENS), 4, 0, 3, 5);
    is(p, x.min(Over.TOKENS), 1, 0, 3, 5);
    is(p, x.sum(Over.TOKENS).mean(Over.SEQUENCES), 10 / 3.0, 10);
    is(p, x.sum(Over.TOKENS).mean(Over.SEQUENCES).mean(Over.GROUPS), (10 / 3.0 + 10) / 2);
    is(p, count(Over.TOKENS), 3, 0, 1, 2);
    is(p, count(Over.TOKENS.where(KEPT)), 2, 0, 0, 1);
    is(p, Terms.groupSize(), 3, 1);
    is(p, x.sum(Over.TOKENS).per(Axis.TOKEN), 7, 7, 7, 3, 10, 10);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void deviationOfOneMemberIsZero(Precision p) {
    Term<Token> x = logProb();
    // 7, 0, 3 around 10/3: squares 121/9, 100/9, 1/9.
    is(p, x.sum(Over.TOKENS).std(Over.SEQUENCES, 1), Math.sqrt(222 / 9.0 / 2), 0);
    is(p, x.sum(Over.TOKENS).std(Over.SEQUENCES, 0), Math.sqrt(222 / 9.0 / 3), 0);
  }

  /** Whole numbers and tenths are as fine as the arithmetic; quarters may have been float32. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void anUlpIsThatOfTheTypeThatWasRecorded(Precision p) {
    double fine = p == Precision.FLOAT64 ? 0x1p52 : 0x1p23;
    is(p, KEY.ulp(Over.TOKENS).scaledBy(fine), 9, 0, 7, 8);
    is(p, KEY.ulp(Over.TOKENS.where(KEPT)).scaledBy(fine), 9, 0, 0, 8);
    is(p, KEY.negated().scaledBy(0.1).ulp(Over.TOKENS).scaledBy(fine), .9, 0, .7, .8);
    Detached<Token> quarters = KEY.scaledBy(0.5).shiftedBy(0.25);
    is(p, quarters.ulp(Over.TOKENS).scaledBy(0x1p23), 4.75, 0, 3.75, 4.25);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void neighboursAndRecurrencesStayInTheirResponse(Precision p) {
    Term<Token> x = logProb();
    is(p, Terms.next(x, -1), 4, 2, -1, -1, 5, -1);
    is(p, Terms.previous(x, -1), -1, 1, 4, -1, -1, 5);
    Detached<Token> half = constant(0.5, Axis.TOKEN);
    is(p, Terms.scanBackward(x, half), 3.5, 5, 2, 3, 7.5, 5);
    is(p, Terms.scanForward(x, half), 1, 4.5, 4.25, 3, 5, 7.5);
    is(p, Terms.scanBackward(x, KEY), 127, 18, 2, 3, 45, 5);
    is(p, Terms.scanForward(x, KEY), 1, 11, 101, 3, 5, 45);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void ordersKeepTiesInTheirOwnOrder(Precision p) {
    Term<Token> x = logProb();
    is(p, KEY.rank(Over.TOKENS), 1, 2, 0, 0, 0, 1);
    is(p, x.sortedBy(KEY, Over.TOKENS), 2, 1, 4, 3, 5, 5);
    is(p, x.sumByKey(KEY, Over.TOKENS), 5, 5, 2, 3, 10, 10);
    is(p, x.sumByKey(KEY, Over.ALL_TOKENS), 8, 8, 2, 8, 10, 10);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void runningSumsTakeTiesTogether(Precision p) {
    Term<Token> x = logProb();
    is(p, x.cumulativeSum(KEY, Over.TOKENS), 5, 5, 7, 3, 10, 10);
    is(p, x.cumulativeSum(KEY, Over.GROUP_TOKENS), 8, 8, 10, 8, 10, 10);
    is(p, x.cumulativeSum(KEY, Over.ALL_TOKENS), 8, 8, 20, 8, 18, 18);
    is(p, x.cumulativeSum(KEY.negated(), Over.ALL_TOKENS), 20, 20, 2, 20, 12, 12);
  }

  @Test
  void theLogOfWhatIsLeftKeepsItsDigits() {
    Term<Token> x = logProb().scaledBy(0).shiftedBy(-1e-12);
    double log = Math.log(-Math.expm1(-1e-12));
    is(Precision.FLOAT64, x.log1mExp(), log, log, log, log, log, log);
  }

  @Test
  void quantileOfNothingIsZero() {
    Detached<Level.Sequence> median = constant(0.5, Axis.SEQUENCE);
    is(Precision.FLOAT64, KEY.quantile(median, Over.TOKENS), 7, 0, 7, 8);
  }

  @Test
  void uniformIsTheSameHoweverTheBatchIsCut() {
    Detached<Token> random =
        Terms.uniform(Terms.parameter("seed", 3, 0, 9), Terms.parameter("step", 1, 0, 9));
    double[] whole = Batches.run(random, samples(), Precision.FLOAT64);
    Samples last =
        new lossmith.dsl.data.SamplesBuilder(new int[] {2}, new int[] {0})
            .ids(new long[] {3})
            .column("log_prob", Level.Name.TOKEN, new double[] {5, 5})
            .build();
    double[] part = Batches.run(random, last, Precision.FLOAT64);
    assertArrayEquals(new double[] {whole[4], whole[5]}, part);
  }
}
