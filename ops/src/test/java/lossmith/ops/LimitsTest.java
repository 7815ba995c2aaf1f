package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.data.KeyedHash;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.graph.Doubling;
import lossmith.ops.graph.Float32Checks;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

/** Where a type or an algorithm ends: right up to there, and told beyond. */
final class LimitsTest {
  private static double[] run(Term<?> term, Samples samples, Precision precision) {
    return Batches.run(term, samples, precision);
  }

  private static String refused(Term<?> term, Samples samples) {
    return String.valueOf(
        assertThrows(ProblemException.class, () -> run(term, samples, Precision.FLOAT32))
            .getMessage());
  }

  private static Samples one(String column, double... values) {
    return new SamplesBuilder(new int[] {values.length}, new int[] {0})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[values.length])
        .column(column, Level.Name.TOKEN, values)
        .build();
  }

  /** x_t = 1 + x_(t+1) counts the tokens that are left, in either direction, of any number. */
  @Test
  void aRecurrenceIsAsLongAsItsResponse() {
    int[] lengths = {(1 << 20) + 3, 1, 5};
    int tokens = lengths[0] + 6;
    Samples samples =
        new SamplesBuilder(lengths, new int[] {0, 0, 0})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[tokens])
            .build();
    var one = Terms.constant(1, Axis.TOKEN);
    double[] left = run(Terms.scanBackward(one, one), samples, Precision.FLOAT64);
    double[] gone = run(Terms.scanForward(one, one), samples, Precision.FLOAT64);
    int at = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++, at++) {
        assertEquals(length - t, left[at]);
        assertEquals(t + 1, gone[at]);
      }
    }
  }

  /** After k rounds an element knows its next 2^k: enough for as many as an array holds. */
  @Test
  void theRoundsOfARecurrenceReachTheLastElementOfAnyBatch() {
    for (int elements : new int[] {1, 2, 3, 4, 5, 32768, 32769, Integer.MAX_VALUE}) {
      long reached = 1L << Doubling.rounds(elements);
      assertTrue(reached >= elements, "of " + elements + " only " + reached);
      assertTrue(reached / 2 < elements, "one round too many for " + elements);
    }
  }

  @Test
  void aNumberThatWouldBeInfiniteIsNamed() {
    var a = Terms.given("a", Axis.TOKEN);
    Samples far = one("a", 1, 1e200, 3);
    assertEquals(1e200, run(a, far, Precision.FLOAT64)[1]);
    assertTrue(refused(a, far).contains("a[1] = 1.0E200"), () -> refused(a, far));
  }

  /** 2^24 and 2^24 + 1 are one float: as keys they would merge two groups. */
  @Test
  void keysThatWouldBeOneAreNamed() {
    var key = Terms.given("key", Axis.TOKEN);
    var one = Terms.constant(1, Axis.TOKEN);
    double large = 1 << 24;
    Samples ids = one("key", large, large + 1, large);
    var shared = one.sumByKey(key, Over.ALL_TOKENS);
    var equal = key.equalTo(Terms.constant(large, Axis.TOKEN)).indicator();
    assertEquals(2, run(shared, ids, Precision.FLOAT64)[0]);
    assertEquals(0, run(equal, ids, Precision.FLOAT64)[1]);
    for (String message : new String[] {refused(shared, ids), refused(equal, ids)}) {
      assertTrue(message.contains("key, a key, with 1.6777216E7 and 1.6777217E7"), message);
    }
    assertEquals(large, run(key, ids, Precision.FLOAT32)[1]); // as a number it is rounded
  }

  @Test
  void ranksThatFloatsCannotTellApartAreRefused() {
    assertTrue(Float32Checks.places(1L << 24).isEmpty());
    assertTrue(Float32Checks.places((1L << 24) + 1).isDefined());
  }

  /** The float nearest to a double below 1 can be 1: a share of 1 would then lose an element. */
  @Test
  void randomNumbersStayBelowOne() {
    long seed = 0;
    while (KeyedHash.uniform(seed, 0, 0, 0) < 1 - 2.9e-8) {
      seed++;
    }
    var u =
        Terms.uniform(
            Terms.parameter("seed", (double) seed, 0, 1e12), Terms.parameter("step", 0, 0, 1));
    double found = run(u, one("a", 0), Precision.FLOAT32)[0];
    assertTrue(found < 1, () -> "" + found);
    assertEquals(Math.nextDown(1.0f), found);
  }
}
