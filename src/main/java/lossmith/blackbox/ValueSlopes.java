package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.IntToDoubleFunction;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;

/** The slopes of a loss beside differences of its value. */
final class ValueSlopes {
  /**
   * How values are compared.
   *
   * @param step how far a log-prob is moved
   * @param tolerance how far a quotient may be from a slope
   */
  private record Difference(double step, double tolerance) {
    /** Of differences of values of size 1 over 1e-5: 1e-11 of rounding, 1e-10 of curvature. */
    static final Difference FINE = new Difference(1e-5, 1e-5);

    /** Of values that are off by 6e-8: 1e-5 of rounding, 1e-5 of curvature. */
    static final Difference ROUGH = new Difference(5e-3, 1e-3);
  }

  /** Moves that one shows in a number, and a computation in float32 does not. */
  private static final double TINY = 1e-9;

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
    Difference by = rounded(box, batch) ? Difference.ROUGH : Difference.FINE;
    return List.range(0, batch.size())
        .filter(slot -> batch.mask()[slot] == 1)
        .flatMap(
            slot ->
                Violation.between(
                    "d/dlog_prob[" + slot + "]",
                    slopes[slot],
                    (value(box, batch, i -> i == slot ? by.step : 0)
                            - value(box, batch, i -> i == slot ? -by.step : 0))
                        / (2 * by.step),
                    by.tolerance * numbers.scale()));
  }

  /**
   * {@return whether a loss that is given float64 computes in float32 inside: its value does not
   * move as a ten-thousandth of what it moves by for a ten-thousandth of a step}
   */
  static boolean rounded(BlackBox box, TensorBatch batch) {
    double here = value(box, batch, slot -> 0);
    double far = (value(box, batch, slot -> 1e4 * TINY) - here) / 1e4;
    double near = value(box, batch, slot -> TINY) - here;
    return Math.abs(far) > TINY / 100 && Math.abs(near - far) > 0.1 * Math.abs(far);
  }

  private static double value(BlackBox box, TensorBatch batch, IntToDoubleFunction step) {
    double[] lp = batch.slots(Columns.LOG_PROB);
    TensorBatch moved = batch.with(Columns.LOG_PROB, i -> lp[i] + step.applyAsDouble(i));
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
