package lossmith.proofs.independent.loops;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** What a term is, as loops over plain arrays: one number for each element of its level. */
@FunctionalInterface
public interface Loops {
  /**
   * The numbers.
   *
   * @param live what gradient flows through
   * @param detached the same where gradient is stopped; it stays when {@code live} moves
   */
  double[] of(PlainBatch live, PlainBatch detached);

  /** The same, through which no gradient flows. */
  default Loops stopped() {
    return (live, detached) -> of(detached, detached);
  }

  /** A function of each number. */
  default Loops map(DoubleUnaryOperator f) {
    return (live, detached) -> Arrays.stream(of(live, detached)).map(f).toArray();
  }

  /** A function of each two numbers. */
  default Loops zip(Loops other, DoubleBinaryOperator f) {
    return (live, detached) -> {
      double[] x = of(live, detached);
      double[] y = other.of(live, detached);
      double[] z = new double[x.length];
      for (int i = 0; i < z.length; i++) {
        z[i] = f.applyAsDouble(x[i], y[i]);
      }
      return z;
    };
  }
}
