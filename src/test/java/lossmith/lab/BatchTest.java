package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.List;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.Texts.Text;
import org.junit.jupiter.api.Test;

class BatchTest {
  /** A response of one symbol, by which it is known again. */
  private static Drawn drawn(int symbol) {
    return new Drawn(
        Text.of(new int[] {1}, new int[] {symbol}), new double[] {-symbol}, new double[] {0}, true);
  }

  private static Batch batch(double... rewards) {
    return new Batch(
        Vector.fill(rewards.length, "a"),
        Vector.range(0, rewards.length).map(BatchTest::drawn),
        Vector.ofAll(rewards),
        3);
  }

  @Test
  void aPairIsTheBestAndTheWorstOfAGroup() {
    Batch pairs = batch(0, 0.5, 1, /* */ 0, 0, 0, /* */ 1, 0, 1, /* */ 1, 1, 1).pairs();
    assertEquals(2, pairs.groups());
    assertEquals(List.of(1.0, 0.0, 1.0, 0.0), pairs.rewards().toList());
    assertArrayEquals(new int[] {2, 0, 6, 7}, pairs.texts().sampled());
    Samples samples = pairs.samples(Option.none(), true);
    assertArrayEquals(new double[] {1, -1, 1, -1}, samples.column(Columns.SIGN).get());
    assertArrayEquals(new double[] {-2, 0, -6, -7}, samples.column(Columns.OLD_LOG_PROB).get());
  }

  @Test
  void equalRewardsMakeNoPair() {
    assertEquals(0, batch(1, 1, 1, 0, 0, 0).pairs().groups());
  }
}
