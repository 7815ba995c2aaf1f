package lossmith.proofs.independent.loops;

import java.util.Arrays;

/** An objective as loops over plain arrays: numbers whose sum is the loss. */
@FunctionalInterface
public interface Oracle {
  /**
   * The summands of the loss.
   *
   * @param live what gradient flows through
   * @param detached the same where gradient is stopped
   */
  double[] summands(PlainBatch live, PlainBatch detached);

  /** The loss. */
  default double value(PlainBatch live, PlainBatch detached) {
    return Arrays.stream(summands(live, detached)).sum();
  }

  /** Σ |summands|: what the loss may be off by rounding is measured by this. */
  default double scale(PlainBatch numbers) {
    return Arrays.stream(summands(numbers, numbers)).map(Math::abs).sum();
  }
}
