package lossmith.dsl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;

/** Pieces of a batch joined: three responses to prompts 7 and 9, torn between tokens. */
final class PartialTest {
  /** Sequence 4 of prompt 9, all of it; the end of sequence 2 of prompt 7. */
  private static Partial first() {
    return Partial.of(
        new SamplesBuilder(new int[] {2, 1}, new int[] {1, 0})
            .ids(new long[] {4, 2})
            .positions(new int[] {0, 1, 2})
            .sampled(new int[] {40, 41, 22})
            .column("x", Level.Name.TOKEN, new double[] {4.0, 4.1, 2.2})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0.4, 0.2})
            .column("level", Level.Name.GROUP, new double[] {70, 90})
            .column("step", Level.Name.BATCH, new double[] {5})
            .piece(),
        7,
        9);
  }

  /** The beginning of sequence 2 of prompt 7. */
  private static Partial second(double reward) {
    return Partial.of(
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .ids(new long[] {2})
            .sampled(new int[] {20, 21})
            .column("x", Level.Name.TOKEN, new double[] {2.0, 2.1})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {reward})
            .column("level", Level.Name.GROUP, new double[] {70})
            .column("step", Level.Name.BATCH, new double[] {5})
            .piece(),
        7);
  }

  /** Sequence 3 of prompt 7, without a token. */
  private static Partial third() {
    return Partial.of(
        new SamplesBuilder(new int[] {0}, new int[] {0})
            .ids(new long[] {3})
            .sampled(new int[0])
            .column("x", Level.Name.TOKEN, new double[0])
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0.3})
            .column("level", Level.Name.GROUP, new double[] {70})
            .column("step", Level.Name.BATCH, new double[] {5})
            .piece(),
        7);
  }

  private static double[] column(Partial partial, String name) {
    return partial.samples().column(name).get();
  }

  @Test
  void joinsByGroupSequenceAndPosition() {
    Partial whole = first().and(second(0.2)).and(third());
    Samples samples = whole.samples();
    assertArrayEquals(new long[] {7, 9}, whole.groups());
    assertArrayEquals(new long[] {2, 3, 4}, samples.sequenceIds());
    assertArrayEquals(
        new int[] {0, 0, 0, 2, 2}, samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE));
    assertArrayEquals(new int[] {0, 0, 1}, samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP));
    assertArrayEquals(new int[] {0, 1, 2, 0, 1}, samples.positions());
    assertArrayEquals(new int[] {20, 21, 22, 40, 41}, samples.sampled().get());
    assertArrayEquals(new double[] {2.0, 2.1, 2.2, 4.0, 4.1}, column(whole, "x"));
    assertArrayEquals(new double[] {0.2, 0.3, 0.4}, column(whole, Columns.REWARD));
    assertArrayEquals(new double[] {70, 90}, column(whole, "level"));
    assertArrayEquals(new double[] {5}, column(whole, "step"));
    assertArrayEquals(new int[] {3, 4, 2}, whole.tokens(first().piece()));
  }

  @Test
  void joinsAreAssociativeAndCommuteToTheLastByte() {
    Partial a = first();
    Partial b = second(0.2);
    Partial c = third();
    byte[] left = a.and(b).and(c).bytes();
    assertArrayEquals(left, a.and(b.and(c)).bytes());
    assertArrayEquals(left, c.and(a).and(b).bytes());
  }

  @Test
  void bytesComeBackAsWhatTheyWere() {
    Partial whole = first().and(second(0.2)).with("y", new double[] {1, 2, 3, 4, 5});
    Partial back = Partial.of(whole.bytes());
    assertArrayEquals(whole.bytes(), back.bytes());
    assertArrayEquals(new double[] {1, 2, 3, 4, 5}, column(back, "y"));
  }

  private static void refused(Supplier<?> action, String told) {
    String message = String.valueOf(assertThrows(ProblemException.class, action::get).getMessage());
    assertTrue(message.contains(told), message);
  }

  @Test
  void whatDoesNotFitIsToldApart() {
    refused(() -> first().and(first()), "sequence 2, position 2, twice");
    refused(() -> first().and(second(0.25)), "reward of sequence 2 given as 0.2 and 0.25");
    refused(
        () -> first().and(second(0.2).with("y", new double[] {1, 2})),
        "the same columns in each part");
    refused(() -> Partial.of(first().piece(), 7), "1 group ids [7]; expected 2 distinct ids");
    refused(() -> Partial.of(first().piece(), 7, 7), "2 group ids [7, 7]");
    refused(() -> Partial.of(first().piece(), 9, 7).and(second(0.2)), "sequence 2 in group 7");
    refused(
        () -> first().tokens(second(0.2).piece()), "sequence 2, position 0, which was not joined");
  }

  @Test
  void bytesOfSomethingElseAreRefusedWhereverTheyAreCut() {
    byte[] bytes = first().bytes();
    refused(
        () -> Partial.of("hello, world".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        "12 bytes");
    for (int end = 0; end < bytes.length; end++) {
      byte[] cut = Arrays.copyOf(bytes, end);
      refused(() -> Partial.of(cut), "no part of a batch");
    }
  }

  @Test
  void aPairMayBeTornAndIsWholeAgain() {
    Partial chosen = side(1, 1);
    Partial rejected = side(2, -1);
    refused(chosen::samples, "group 0 with 1 responses");
    assertEquals(2, chosen.and(rejected).samples().size(Level.Name.SEQUENCE));
  }

  private static Partial side(long id, double sign) {
    return Partial.of(
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .ids(new long[] {id})
            .column(Columns.SIGN, Level.Name.SEQUENCE, new double[] {sign})
            .piece(),
        1);
  }
}
