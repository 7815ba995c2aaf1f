package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;

/** The slopes of a loss beside differences of its value. */
final class ValueSlopes {
  private static final double STEP = 1e-5;

  /** Of differences of values of size 1 over 1e-5: 1e-11 of rounding, 1e-10 of curvature. */
  static final double TOLERANCE = 1e-5;

  private ValueSlopes() {}

  static boolean agree(BlackBox box, TensorBatch batch) {
    return violations(box, batch).isEmpty();
  }

  /** The tokens whose slope is not that of the value. */
  static Seq<Violation> violations(BlackBox box, TensorBatch batch) {
    if (!(box.of(batch) instanceof Answer.Numbers numbers) || !numbers.finite()) {
      return List.empty();
    }
    double[] slopes = numbers.gradient(Columns.LOG_PROB, batch.size());
    return List.range(0, batch.size())
        .filter(slot -> batch.mask()[slot] == 1)
        .flatMap(
            slot ->
                Violation.between(
                    "d/dlog_prob[" + slot + "]",
                    slopes[slot],
                    (value(box, batch, slot, STEP) - value(box, batch, slot, -STEP)) / (2 * STEP),
                    TOLERANCE * numbers.scale()));
  }

  private static double value(BlackBox box, TensorBatch batch, int slot, double step) {
    double[] lp = batch.slots(Columns.LOG_PROB);
    TensorBatch moved = batch.with(Columns.LOG_PROB, i -> i == slot ? lp[i] + step : lp[i]);
    return box.of(moved, io.vavr.collection.HashSet.empty(), false) instanceof Answer.Numbers n
        ? n.loss()
        : Double.NaN;
  }

  /** Whether two answers agree in value and slopes. */
  static boolean near(Answer left, Answer right, double tolerance) {
    if (!(left instanceof Answer.Numbers a) || !(right instanceof Answer.Numbers b)) {
      return false;
    }
    double allowed = tolerance * (a.scale() + b.scale());
    return Math.abs(a.loss() - b.loss()) <= allowed
        && a.gradients()
            .forAll(
                one ->
                    Violation.between(one._1, one._2, b.gradient(one._1, one._2.length), allowed)
                        .isEmpty());
  }
}
