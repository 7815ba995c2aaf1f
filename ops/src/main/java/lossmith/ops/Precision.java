package lossmith.ops;

import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/** The type of the numbers of a compiled loss. Sums are always taken in float64. */
public enum Precision {
  /** Single precision; exponentials are flat beyond ±80. */
  FLOAT32(TFloat32.class, 80),
  /** Double precision; exponentials are flat beyond ±700. */
  FLOAT64(TFloat64.class, 700);

  private final Class<? extends TNumber> type;
  private final double saturation;

  Precision(Class<? extends TNumber> type, double saturation) {
    this.type = type;
    this.saturation = saturation;
  }

  Class<? extends TNumber> type() {
    return type;
  }

  /** {@return beyond which |x| the exponential is flat} */
  public double saturation() {
    return saturation;
  }
}
