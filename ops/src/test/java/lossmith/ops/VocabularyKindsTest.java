package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import lossmith.dsl.Axis;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of every entry of the vocabulary, on two responses of 2 and 1 tokens. */
final class VocabularyKindsTest {
  private static final Detached<Vocabulary> Q = Terms.given("q", Axis.VOCABULARY_ENTRY);
  private static final Condition<Vocabulary> LARGE = Q.above(entry(1.5));
  private static final Detached<Vocabulary> YES = entry(1);
  private static final Detached<Vocabulary> NO = entry(0);

  private static Detached<Vocabulary> entry(double x) {
    return Terms.constant(x, Axis.VOCABULARY_ENTRY);
  }

  private static void is(Precision precision, Term<?> term, double... expected) {
    Samples samples =
        new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0})
            .sampled(new int[] {1, 2, 0})
            .grid(BoundLoss.LOGITS, Grid.of(new double[9], 3))
            .grid("q", Grid.of(new double[] {1, 3, 2, 5, 4, 6, 0, 0, 7}, 3))
            .column("reward", lossmith.dsl.Level.Name.SEQUENCE, new double[] {1, -1})
            .build();
    assertArrayEquals(expected, Batches.run(term, samples, precision), 1e-6);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void rowsAreRankedEntryByEntry(Precision p) {
    is(p, Q.rank(Over.VOCABULARY), 2, 0, 1, 1, 2, 0, 1, 2, 0);
    is(p, Q.rank(Over.VOCABULARY.where(LARGE)), 2, 0, 1, 1, 2, 0, 1, 1, 0);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void rowsAreOrderedByAKey(Precision p) {
    is(p, Q.sortedBy(Q, Over.VOCABULARY), 3, 2, 1, 6, 5, 4, 7, 0, 0);
    Detached<Vocabulary> key = Terms.logPi().stopGradient().plus(Q.negated());
    is(p, Q.sortedBy(key, Over.VOCABULARY), 1, 2, 3, 4, 5, 6, 0, 0, 7);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void rowsAreSummedByAKey(Precision p) {
    is(p, Q.cumulativeSum(Q, Over.VOCABULARY), 1, 6, 3, 9, 4, 15, 0, 0, 7);
    is(p, Q.shiftedBy(1).cumulativeSum(Q, Over.VOCABULARY), 2, 9, 5, 11, 5, 18, 2, 2, 10);
    is(p, Q.shiftedBy(1).sumByKey(Q, Over.VOCABULARY), 2, 4, 3, 6, 5, 7, 2, 2, 8);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void rowsAreReduced(Precision p) {
    is(p, Q.sum(Over.VOCABULARY), 6, 15, 7);
    is(p, Q.sum(Over.VOCABULARY.where(LARGE)), 5, 15, 7);
    is(p, Q.mean(Over.VOCABULARY.where(LARGE)), 2.5, 5, 7);
    is(p, Q.max(Over.VOCABULARY), 3, 6, 7);
    is(p, Q.min(Over.VOCABULARY), 1, 4, 0);
    is(p, Q.std(Over.VOCABULARY, 1), 1, 1, Math.sqrt(49 / 3.0));
    is(p, Terms.count(Over.VOCABULARY.where(LARGE)), 2, 3, 1);
    is(p, Terms.ofSampled(Q), 3, 6, 0);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void answersAndNumbersReachEveryEntry(Precision p) {
    Condition<Token> gained = Terms.reward().positive().per(Axis.TOKEN);
    is(p, gained.indicator(), 1, 1, 0);
    is(p, Terms.select(gained.per(Axis.VOCABULARY_ENTRY), Q, NO), 1, 3, 2, 5, 4, 6, 0, 0, 0);
    is(
        p,
        Terms.select(Terms.reward().positive().per(Axis.VOCABULARY_ENTRY), YES, NO),
        1,
        1,
        1,
        1,
        1,
        1,
        0,
        0,
        0);
    is(p, Terms.reward().per(Axis.VOCABULARY_ENTRY), 1, 1, 1, 1, 1, 1, -1, -1, -1);
  }
}
