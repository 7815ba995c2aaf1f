package lossmith.proofs.independent;

import io.vavr.collection.Map;
import lossmith.dsl.Columns;
import lossmith.dsl.data.Samples;
import lossmith.proofs.independent.loops.Given;
import lossmith.proofs.independent.loops.Oracle;
import lossmith.proofs.independent.loops.PlainBatch;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.stated.Statement;

/**
 * The published formula of a recipe as loops, on plain arrays.
 *
 * @param statement the loops
 * @param parameters its parameters, all of them
 */
record StatedOracle(Statement statement, Map<String, Double> parameters) implements Oracle {
  /** How much numbers are moved to see how large what they add up to is. */
  private static final double NUDGE = 1e-6;

  @Override
  public double[] summands(PlainBatch live, PlainBatch detached) {
    Plain still = plain(detached);
    return new double[] {statement.loss(live == detached ? still : plain(live), still)};
  }

  private Plain plain(PlainBatch numbers) {
    PlainBatch bare = numbers.without(Columns.LOG_PROB).without(Columns.ENTROPY);
    Samples samples = Given.whole(bare);
    return new Plain(
        samples, parameters.put(Columns.TEMPERATURE, numbers.set(Columns.TEMPERATURE, 1)));
  }

  /**
   * What sums of numbers of size 1 that cancel wholly are measured by: they may be off by 1e-15.
   */
  private static final double LEAST = 1e-6;

  /** The loss itself, or how much it moves as every number moves by a share of its own size. */
  @Override
  public double scale(PlainBatch numbers) {
    double here = value(numbers, numbers);
    double scale = Math.max(LEAST, Math.abs(here));
    for (long salt = 1; salt <= 4; salt++) {
      PlainBatch near = numbers.nudged(salt * 0x9E3779B97F4A7C15L, NUDGE);
      scale = Math.max(scale, Math.abs(value(near, near) - here) / NUDGE);
    }
    return scale;
  }
}
