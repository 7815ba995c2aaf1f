package lossmith.dsl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;

/** What does not fit between the parts of a batch is told in words, all of it at once. */
final class SamplesBuilderTest {
  private static final Grid THREE_BY_TWO = Grid.of(new double[] {1, 2, 3, 4, 5, 6}, 2);

  /** Two responses of 2 and 1 tokens. */
  private static SamplesBuilder three() {
    return new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0});
  }

  private static void refuses(String expected, SamplesBuilder builder) {
    assertEquals(expected, assertThrows(ProblemException.class, builder::build).getMessage());
  }

  @Test
  void aResponseWithoutAGroup() {
    refuses(
        "group: got 1 groups for 2 responses; expected one group per response;"
            + " write a group index for each response",
        new SamplesBuilder(new int[] {2, 1}, new int[] {0}));
  }

  @Test
  void idsThatAreEqualOrMissing() {
    String message =
        "ids: got 2 ids, some equal or missing; expected one distinct id per response;"
            + " write distinct ids";
    refuses(message, three().ids(new long[] {7, 7}));
    refuses(message.replace("got 2", "got 1"), three().ids(new long[] {7}));
  }

  @Test
  void numbersThatAreTooFew() {
    refuses(
        """
        position: got 2 positions; expected 3 positions, one per token; write that many
        tokens: got 4 token ids; expected 3 token ids, one per token; write that many
        column: got x with 1 numbers; expected 2 numbers, one per sequence; write that many""",
        three()
            .positions(new int[2])
            .chosen(new int[4])
            .column("x", Level.Name.SEQUENCE, new double[1]));
  }

  @Test
  void aNumberThatIsNone() {
    refuses(
        "finite: got x[1] = NaN; expected finite numbers; write a mask for slots that do not exist",
        three().column("x", Level.Name.SEQUENCE, new double[] {0, Double.NaN}));
  }

  @Test
  void gridsThatDoNotFit() {
    refuses(
        """
        grid: got g with 2 rows; expected 3 rows, one per token; write that many
        grid: got k of width 1; expected one width for all grids; write one vocabulary""",
        three()
            .grid("g", Grid.of(new double[4], 2))
            .chosen(new int[3])
            .grid("h", THREE_BY_TWO)
            .grid("k", Grid.of(new double[3], 1)));
    refuses(
        "tokens: got a grid without token ids; expected the sampled token of each row;"
            + " write chosen(tokenIds)",
        three().grid("h", THREE_BY_TWO));
  }

  @Test
  void aGridIsReplacedByOneOfItsShapeOnly() {
    Samples samples = three().chosen(new int[3]).grid("h", THREE_BY_TWO).build();
    Grid longer = Grid.of(new double[8], 2);
    Grid wider = Grid.of(new double[9], 3);
    String rest =
        "; expected 3 rows, one per token, and one width for all grids; write a grid of that shape";
    assertEquals(
        "grid: got g of 4 × 2" + rest,
        assertThrows(ProblemException.class, () -> samples.with("g", longer)).getMessage());
    assertEquals(
        "grid: got g of 3 × 3" + rest,
        assertThrows(ProblemException.class, () -> samples.with("g", wider)).getMessage());
    assertEquals(3, samples.with("h", wider).grid("h").get().width());
  }

  @Test
  void singleAndDoublePrecisionAreOneGrid() {
    Grid single = Grid.of(new float[] {1, 2, 3, 4, 5, 6}, 2);
    assertEquals(3, single.rows());
    for (int row = 0; row < 3; row++) {
      double[] expected = {2 * row + 1, 2 * row + 2};
      assertArrayEquals(expected, new double[] {single.get(row, 0), single.get(row, 1)});
      assertArrayEquals(
          expected, new double[] {THREE_BY_TWO.get(row, 0), THREE_BY_TWO.get(row, 1)});
    }
  }
}
