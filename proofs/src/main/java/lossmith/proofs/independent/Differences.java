package lossmith.proofs.independent;

import io.vavr.control.Option;
import java.util.function.DoubleUnaryOperator;

/** The slope of a function of one number at 0 by central differences, away from kinks. */
final class Differences {
  /** From far steps, which round less, to near ones, which reach over fewer kinks. */
  private static final double[] STEPS = {1e-3, 1e-4, 1e-5};

  /** How far two steps may differ where no kink is near: their errors are a fifteenth of this. */
  private static final double SAME = 3e-10;

  /** The largest difference of the slopes on both sides: half of this is what a kink may add. */
  private static final double BOTH_SIDES = 1e-9;

  private Differences() {}

  /**
   * The slope at 0, good to a relative 6e-10 of the scale; nothing where a kink or a jump is within
   * 2e-5.
   *
   * @param f the function
   * @param scale the size of what f adds up
   */
  static Option<Double> slope(DoubleUnaryOperator f, double scale) {
    double here = f.applyAsDouble(0);
    for (double h : STEPS) {
      double one = f.applyAsDouble(h);
      double back = f.applyAsDouble(-h);
      double half = f.applyAsDouble(h / 2);
      double halfBack = f.applyAsDouble(-h / 2);
      double two = f.applyAsDouble(2 * h) - f.applyAsDouble(-2 * h);
      double wide = (8 * (one - back) - two) / (12 * h);
      double narrow = (8 * (half - halfBack) - (one - back)) / (6 * h);
      double bend = (one - 2 * here + back) / h;
      double halfBend = (half - 2 * here + halfBack) / (h / 2);
      double size = Math.max(scale, Math.abs(narrow));
      if (Math.abs(wide - narrow) <= SAME * size
          && Math.abs(2 * halfBend - bend) <= BOTH_SIDES * size) {
        return Option.some(narrow);
      }
    }
    return Option.none();
  }
}
