package lossmith.ops;

import static lossmith.ops.FusedLossTest.compiled;
import static lossmith.ops.FusedLossTest.gradient;
import static lossmith.ops.FusedLossTest.logits;
import static lossmith.ops.FusedLossTest.rows;
import static lossmith.ops.FusedLossTest.samples;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import org.junit.jupiter.api.Test;

/** A batch that is one chunk beside the same in several, which are passes by themselves. */
final class OneRunTest {
  /** As one chunk and as several, to the last bit but for the order in which rows are added. */
  @Test
  void aMatrixOfOneChunkHoldsShorterBatchesToo() {
    try (FusedLoss whole = compiled(64);
        FusedLoss parts = compiled(4);
        Matrix logits = logits(40);
        Matrix gradient = logits(40);
        Matrix other = logits(40)) {
      for (int tokens : new int[] {23, 1, 40}) {
        double[][] before = rows(gradient);
        Policy policy = new Policy.Logits(logits.first(tokens), gradient.first(tokens));
        Evaluation found = whole.evaluate(samples(tokens), policy);
        Evaluation expected =
            parts.evaluate(
                samples(tokens), new Policy.Logits(logits.first(tokens), other.first(tokens)));
        assertEquals(expected.value(), found.value(), 1e-15);
        assertEquals(expected.metrics(), found.metrics());
        double[][] after = rows(gradient);
        double[][] apart = gradient(parts, tokens);
        for (int row = 0; row < 40; row++) {
          assertArrayEquals(row < tokens ? apart[row] : before[row], after[row], 1e-15);
        }
      }
    }
  }
}
