package lossmith.conform.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PaddedBatchTest {
  private static final NumberArray MASK =
      NumberArray.of(new double[] {1, 0, 1, 0, 0, 0, 1, 1, 0}, 3, 3);
  private static final NumberArray X =
      NumberArray.of(new double[] {1, Double.NaN, 3, 4, 5, 6, 7, 8, Double.NaN}, 3, 3);

  @Test
  void onlyExistingSlotsAreTokensAndAnEmptyRowIsAResponse() {
    Samples samples = PaddedBatch.masked(MASK).tokens("x", X).samples();
    assertArrayEquals(new double[] {1, 3, 7, 8}, samples.column("x").get(), 0);
    assertArrayEquals(
        new int[] {0, 0, 2, 2}, samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE));
    assertArrayEquals(new int[] {0, 1, 0, 1}, samples.positions());
    assertEquals(3, samples.size(Level.Name.SEQUENCE));
    assertEquals(3, samples.size(Level.Name.GROUP));
  }

  @Test
  void equalIdsAreOneGroup() {
    NumberArray ids = NumberArray.of(new double[] {7, 3, 7}, 3);
    Samples samples = PaddedBatch.masked(MASK).grouped(ids).samples();
    assertArrayEquals(new int[] {0, 1, 0}, samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP));
  }

  @Test
  void numbersGoBackToTheirSlots() {
    PaddedBatch batch = PaddedBatch.masked(MASK);
    assertArrayEquals(
        new double[] {1, 0, 3, 0, 0, 0, 7, 8, 0},
        batch.padded(Level.Name.TOKEN, new double[] {1, 3, 7, 8}).values(),
        0);
    assertEquals("[3]", batch.padded(Level.Name.SEQUENCE, new double[3]).shape());
  }

  @Test
  void whatDoesNotFitTheBatchIsRefused() {
    PaddedBatch batch = PaddedBatch.masked(MASK);
    NumberArray two = NumberArray.of(new double[2], 2);
    refused("x of shape [2]", () -> batch.tokens("x", two));
    refused("x of shape [2]", () -> batch.sequences("x", two));
    refused("group ids of shape [2]", () -> batch.grouped(two));
    refused("logits of shape [3, 3]", () -> batch.grid("logits", X));
    refused("mask of shape [2]", () -> PaddedBatch.masked(two));
    NumberArray half = NumberArray.of(new double[] {1, 0.5}, 1, 2);
    refused("0.5 in a mask", () -> PaddedBatch.masked(half));
    refused("token id 0.5", () -> PaddedBatch.whole(1, 2).sampled(half));
  }

  private static void refused(String told, Executable built) {
    String message = assertThrows(ProblemException.class, built).problems().mkString();
    assertTrue(message.contains(told), message);
  }
}
