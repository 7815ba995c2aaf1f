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
        column: got x with 1 numbers; expected 2 numbers, one per sequence; write that many\
        """,
        three()
            .positions(new int[2])
            .sampled(new int[4])
            .column("x", Level.Name.SEQUENCE, new double[1]));
  }

  /** A group that no response is in would count in every mean over groups. */
  @Test
  void structureThatIsNone() {
    int[] two = {2, 1};
    refuses(
        "group: got response 1 in group 2 of 2; expected groups numbered from 0 without a gap: one"
            + " without a response would count in means;"
            + " write the index of each prompt among those that have responses",
        new SamplesBuilder(two, new int[] {0, 2}));
    for (int[] groups : new int[][] {{1, 1}, {-1, 0}, {0, Integer.MAX_VALUE}}) {
      assertThrows(ProblemException.class, new SamplesBuilder(two, groups)::build);
    }
    refuses(
        "length: got response 0 with -2 tokens; expected 0 or more;"
            + " write 0 for a response without tokens",
        new SamplesBuilder(new int[] {-2, 1}, new int[] {0, 0}));
    int most = Integer.MAX_VALUE;
    refuses(
        "samples: got 4294967294 tokens; expected at most 1073741824 tokens in one batch;"
            + " write the batch in pieces: FusedLoss.window(…)",
        new SamplesBuilder(new int[] {most, most}, new int[] {0, 0}));
  }

  @Test
  void aNameThatIsTaken() {
    String twice =
        "column: got x twice; expected each name once; write another name, or Samples.with(…)";
    double[] values = new double[2];
    SamplesBuilder x = three().column("x", Level.Name.SEQUENCE, values);
    refuses(twice, x.column("x", Level.Name.SEQUENCE, values));
    refuses(
        twice,
        three()
            .sampled(new int[3])
            .grid("x", THREE_BY_TWO)
            .column("x", Level.Name.SEQUENCE, values));
    refuses(
        twice,
        three()
            .sampled(new int[3])
            .column("x", Level.Name.SEQUENCE, values)
            .grid("x", THREE_BY_TWO));
    refuses(twice, three().sampled(new int[3]).grid("x", THREE_BY_TWO).grid("x", THREE_BY_TWO));
  }

  @Test
  void positionsBelongToTheTokens() {
    double[] own = {0, 1, 0};
    assertArrayEquals(
        own, three().column("position", Level.Name.TOKEN, own).build().column("position").get());
    refuses(
        "position: got a column position that differs from the positions of the tokens;"
            + " expected the positions themselves; write positions(…)",
        three().column("position", Level.Name.TOKEN, new double[] {3, 4, 5}));
    Samples samples = three().build();
    assertThrows(ProblemException.class, () -> samples.with("position", Level.Name.TOKEN, own));
  }

  @Test
  void gridsAreWholeRowsThatCanBeCounted() {
    assertThrows(ProblemException.class, () -> Grid.of(new double[7], 2));
    assertThrows(ProblemException.class, () -> Grid.of(new float[7], 2));
    assertThrows(ProblemException.class, () -> Grid.of(new double[4], 0));
    assertThrows(ProblemException.class, () -> new Grid(-1, 3, (row, v) -> 0));
    assertEquals(Integer.MAX_VALUE, Samples.entries(Integer.MAX_VALUE, 1));
    String message =
        assertThrows(ProblemException.class, () -> Samples.entries(65_536, 32_768)).getMessage();
    assertEquals(
        "grid: got 65536 tokens × 32768 entries = 2147483648 numbers;"
            + " expected at most 2147483647 numbers in one array;"
            + " write FusedLoss, which reads a few rows of a Matrix at a time",
        message);
  }

  @Test
  void aNumberThatIsNone() {
    refuses(
        "finite: got x[1] = NaN; expected finite numbers; write mask(…) for tokens that are not the"
            + " policy's",
        three().column("x", Level.Name.SEQUENCE, new double[] {0, Double.NaN}));
  }

  @Test
  void gridsThatDoNotFit() {
    refuses(
        """
        grid: got g with 2 rows; expected 3 rows, one per token; write that many
        grid: got k of width 1; expected one width for all grids; write one vocabulary\
        """,
        three()
            .grid("g", Grid.of(new double[4], 2))
            .sampled(new int[3])
            .grid("h", THREE_BY_TWO)
            .grid("k", Grid.of(new double[3], 1)));
    refuses(
        "tokens: got a grid without token ids; expected the sampled token of each row;"
            + " write sampled(tokenIds)",
        three().grid("h", THREE_BY_TWO));
  }

  @Test
  void aGridIsReplacedByOneOfItsShapeOnly() {
    Samples samples = three().sampled(new int[3]).grid("h", THREE_BY_TWO).build();
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
