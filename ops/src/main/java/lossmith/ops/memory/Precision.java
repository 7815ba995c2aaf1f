package lossmith.ops.memory;

import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/** The type of the numbers of a compiled loss. Sums are always taken in float64. */
public enum Precision {
  /**
   * Logits, hidden states and weights in bfloat16; everything that is computed from them, gradients
   * of hidden states and weights too, in single precision.
   */
  BFLOAT16(TFloat32.class, TBfloat16.class, 4, 80),
  /** Single precision; exponentials are flat beyond ±80. */
  FLOAT32(TFloat32.class, TFloat32.class, 4, 80),
  /** Double precision; exponentials are flat beyond ±700. */
  FLOAT64(TFloat64.class, TFloat64.class, 8, 700);

  private final Class<? extends TNumber> type;
  private final Class<? extends TNumber> matrices;
  private final int bytes;
  private final double saturation;

  Precision(
      Class<? extends TNumber> type,
      Class<? extends TNumber> matrices,
      int bytes,
      double saturation) {
    this.type = type;
    this.matrices = matrices;
    this.bytes = bytes;
    this.saturation = saturation;
  }

  /** {@return the type of the computation} */
  public Class<? extends TNumber> type() {
    return type;
  }

  /** {@return the type of logits, hidden states and weights} */
  public Class<? extends TNumber> matrices() {
    return matrices;
  }

  /** How many bytes a computed number takes. */
  public int bytes() {
    return bytes;
  }

  /** Whether matrices are given in a narrower type than is computed in. */
  public boolean narrow() {
    return type != matrices;
  }

  /** {@return in what a gradient of hidden states and weights is written} */
  public Precision gradients() {
    return this == BFLOAT16 ? FLOAT32 : this;
  }

  /** {@return beyond which |x| the exponential is flat} */
  public double saturation() {
    return saturation;
  }
}
