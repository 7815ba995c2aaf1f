package lossmith.ops.hidden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import lossmith.dsl.Columns;
import lossmith.dsl.ProblemException;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

/**
 * How many rows and entries a budget holds, by hand. With g grids, r rows, p = min(r, 16) of them
 * at a time, V entries, blocks of b and width w, in numbers of s bytes: logits g r V, or twice that
 * where weights are narrow, 4 g p V while the row's numbers are computed, a block's gradients 2 b r
 * + 2 b w, hidden states 4 r w.
 */
final class HiddenShapeTest {
  private static final Head HEAD = Head.of(1000, 10);

  private static HiddenShape within(Head head, Precision precision, long budget) {
    return HiddenShape.within(head, precision, budget);
  }

  private static void holds(int rows, int block, HiddenShape shape) {
    assertEquals(List.of(rows, block), List.of(shape.rows(), shape.block()));
  }

  @Test
  void oneRowNeedsItsLogits() {
    // b = 62: 4 (1000 + 4000 + 124 + 1240 + 40)
    holds(1, 62, within(HEAD, Precision.FLOAT32, 25_616));
    String message =
        String.valueOf(
            assertThrows(ProblemException.class, () -> within(HEAD, Precision.FLOAT32, 25_615))
                .getMessage());
    assertTrue(message.contains("25615 bytes") && message.contains("at least 25616"), message);
  }

  @Test
  void moreRowsWhereTheyFit() {
    // 4 (2000 + 8000 + 248 + 1240 + 80)
    holds(1, 62, within(HEAD, Precision.FLOAT32, 46_271));
    holds(2, 62, within(HEAD, Precision.FLOAT32, 46_272));
    // doubles: 8 (2000 + 8000 + 248 + 1240 + 80)
    holds(1, 62, within(HEAD, Precision.FLOAT64, 92_543));
    holds(2, 62, within(HEAD, Precision.FLOAT64, 92_544));
  }

  @Test
  void theNumbersOfSixteenRowsAreComputedAtATime() {
    // b = 1000, for 8 · 10 · 1000 is a sixth of 480,000: 4 (32,000 + 64,000 + 64,000 + 20,000 +
    // 1280)
    holds(16, 1000, within(HEAD, Precision.FLOAT32, 725_119));
    holds(32, 1000, within(HEAD, Precision.FLOAT32, 725_120));
    assertEquals(16, within(HEAD, Precision.FLOAT32, 725_120).partRows());
    assertEquals(2, within(HEAD, Precision.FLOAT32, 46_272).partRows());
  }

  @Test
  void aBlockTakesASixthAtMost() {
    // 8 bytes · width 10 · entries
    holds(16, 500, within(HEAD, Precision.FLOAT32, 479_999));
    assertEquals(1000, within(HEAD, Precision.FLOAT32, 480_000).block());
    assertEquals(2048, within(Head.of(5000, 10), Precision.FLOAT32, 1 << 30).block());
  }

  @Test
  void narrowWeightsAndAReferenceTakeTheirOwn() {
    // 4 (2 · 1000 + 4000 + 124 + 1240 + 40)
    holds(1, 62, within(HEAD, Precision.BFLOAT16, 29_616));
    assertThrows(ProblemException.class, () -> within(HEAD, Precision.BFLOAT16, 29_615));
    // 4 (2 · 1000 + 2 · 4000 + 124 + 1240 + 40)
    Head towards = HEAD.withLayer(Columns.REFERENCE_LOG_PI);
    holds(1, 62, within(towards, Precision.FLOAT32, 45_616));
    assertThrows(ProblemException.class, () -> within(towards, Precision.FLOAT32, 45_615));
  }

  @Test
  void fewRowsHaveSmallerChunks() {
    HiddenShape large = within(HEAD, Precision.FLOAT32, 1L << 30);
    holds(1024, 1000, large);
    assertEquals(List.of(512, 256, 128, 64), large.smaller().map(HiddenShape::rows));
    assertEquals(List.of(1000, 1000, 1000, 1000), large.smaller().map(HiddenShape::block));
    assertEquals(List.empty(), within(HEAD, Precision.FLOAT32, 725_120).smaller());
  }

  @Test
  void theLastBlockMayBeShort() {
    assertEquals(HashSet.of(1000), within(HEAD, Precision.FLOAT32, 1 << 30).widths());
    assertEquals(HashSet.of(62, 8), within(HEAD, Precision.FLOAT32, 25_616).widths());
    assertEquals(HashSet.of(1000), within(HEAD, Precision.FLOAT32, 25_616).inOneBlock().widths());
  }
}
