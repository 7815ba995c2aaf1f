package lossmith.dsl;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.trainable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import lossmith.dsl.Level.Token;
import org.junit.jupiter.api.Test;

/** Equal meaning has one fingerprint, and two meanings have two. */
class FingerprintTest {
  private static final Term<Token> A = logProb();
  private static final Detached<Token> B = reward().per(TOKEN);
  private static final Detached<Token> C = given("c", TOKEN);

  /**
   * Fixed for ever: computed with Python's hashlib from "lossmith 1" and the words of each kind, a
   * length before each, innermost first.
   */
  @Test
  void itIsTheSameInEveryProcessAndRelease() {
    assertEquals(
        "fa82f31bd51006683564135bfd6be78c1d2df10b5b1d025b50d9c3ef307f3372", A.fingerprint());
    assertEquals(
        "d7fb2044b425f0be734377080002ac91c4f85dacc711e4653f8ebe44060ba65b",
        A.plus(B).fingerprint());
    Term<Level.Batch> mean = A.plus(B).scaledBy(parameter("beta", 0.1, 0, 10)).mean(ALL_TOKENS);
    assertEquals(
        "183bee6f89b30e31645c9ca448246d80d3890c16b420f806236aa48a77fb625b", mean.fingerprint());
    assertEquals(
        "ceb989bd255df99d218df1c9176d6bedbb7f1be0b9878f28a0dace2b979176ad",
        minimise(mean).fingerprint());
  }

  @Test
  void theOrderOfSummandsAndFactorsDoesNotMatter() {
    assertEquals(A.plus(B), B.plus(A));
    assertEquals(A.plus(B).plus(C), C.plus(B).plus(A));
    assertEquals(A.plus(B.plus(C)), A.plus(B).plus(C));
    assertEquals(A.times(B), B.times(A));
    assertEquals(logAddExp(A, B), logAddExp(B, A));
    assertEquals(A.above(B).and(A.below(C)).indicator(), A.below(C).and(A.above(B)).indicator());
    assertEquals(A.equalTo(B).indicator(), B.equalTo(A).indicator());
    assertEquals(A.plus(A).plus(B), B.plus(A).plus(A));
    assertNotEquals(A.plus(A).plus(B), A.plus(B));
    assertNotEquals(A.plus(A).plus(B), A.plus(B).plus(B));
    assertEquals(A.plus(B).hashCode(), B.plus(A).hashCode());
  }

  /** At a tie the slope of the smaller goes to the first; a difference has two sides. */
  @Test
  void whereTheOrderMattersItCounts() {
    assertNotEquals(min(A, B), min(B, A));
    assertNotEquals(A.minus(B), B.minus(A));
    assertNotEquals(A.dividedBy(B), B.dividedBy(A));
    assertNotEquals(A.below(B).indicator(), B.below(A).indicator());
  }

  @Test
  void labelsAreForReaders() {
    assertEquals(logProb().minus(oldLogProb()).exp(), ratio());
    assertEquals(A.plus(B).as("x").plus(C), A.plus(B.plus(C)).as("y"));
    assertEquals(
        minimise(A.mean(ALL_TOKENS)).fingerprint(),
        minimise(A.mean(ALL_TOKENS)).as("part").fingerprint());
  }

  @Test
  void partsOfALossCountInAnyOrder() {
    Loss first = minimise(A.mean(ALL_TOKENS)).as("a");
    Loss second = minimise(entropy().mean(ALL_TOKENS)).as("b");
    Loss third = minimise(A.square().mean(ALL_TOKENS)).as("c");
    assertEquals(
        first.plus(second).plus(third).fingerprint(), third.plus(second).plus(first).fingerprint());
    assertEquals(
        first.fingerprint(), first.log("n", B.mean(ALL_TOKENS)).fingerprint(), "what is logged");
    assertNotEquals(first.fingerprint(), first.training(Columns.VALUE).fingerprint());
    assertNotEquals(first.fingerprint(), first.plus(first).fingerprint());
  }

  /** Each differs from all others, although many print alike. */
  @Test
  void differentMeaningsDiffer() {
    List<Term<?>> all = new ArrayList<>();
    all.add(parameter("beta", 0.1, 0, 10));
    all.add(parameter("beta", 2, 0, 10));
    all.add(parameter("beta", 0.1, 0, 11));
    all.add(parameter("beta", 0.1, -1, 10));
    all.add(parameter("gamma", 0.1, 0, 10));
    all.add(given("beta", TOKEN));
    all.add(given("beta", SEQUENCE));
    all.add(trainable("beta", TOKEN));
    all.add(given(Columns.OLD_LOG_PROB, TOKEN));
    all.add(oldLogProb());
    all.add(constant(0.1, TOKEN));
    all.add(constant(Math.nextUp(0.1), TOKEN));
    all.add(constant(0.1, SEQUENCE));
    all.add(logProb());
    all.add(logProb().stopGradient());
    all.add(Terms.next(C, 0));
    all.add(Terms.next(C, 1));
    all.add(Terms.previous(C, 0));
    all.add(Terms.scanForward(C, B));
    all.add(Terms.scanBackward(C, B));
    all.add(C.sum(Over.TOKENS));
    all.add(C.mean(Over.TOKENS));
    all.add(C.std(Over.TOKENS, 0));
    all.add(C.std(Over.TOKENS, 1));
    all.add(C.sum(Over.TOKENS.where(C.positive())));
    all.add(C.sum(ALL_TOKENS));
    all.add(C.rank(Over.TOKENS));
    all.add(C.rank(ALL_TOKENS));
    all.add(C.sortedBy(B, Over.TOKENS));
    all.add(C.sumByKey(B, Over.TOKENS));
    all.add(C.cumulativeSum(B, Over.TOKENS));
    long distinct = all.stream().map(Term::fingerprint).distinct().count();
    assertEquals(all.size(), distinct);
  }

  /** A graph of n shared doublings has 2^n summands and is read in n steps. */
  @Test
  void aDeepSumIsReadOnce() {
    Term<Token> twice = A;
    for (int i = 0; i < 3000; i++) {
      twice = twice.plus(twice);
    }
    assertNotEquals(A.fingerprint(), twice.fingerprint());
  }
}
