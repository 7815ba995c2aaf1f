package lossmith.dsl;

/**
 * The element-wise functions of one number, with their value at the edges and their declared slope.
 */
public enum UnaryOp {
  /** −x. */
  NEGATE("-"),
  /**
   * e^x, saturated: exp(clip(x, −S, S)) with S = 700 in float64 and 80 in float32; slope 0 beyond
   * ±S.
   */
  EXP("exp"),
  /** The slope of {@link #EXP}: e^x for |x| ≤ S, 0 beyond; its own slope. */
  EXP_SLOPE("exp'"),
  /** Natural logarithm; −∞ at 0. */
  LOG("log"),
  /** Square root; slope 0 at 0. */
  SQRT("sqrt"),
  /** |x|; slope 0 at 0. */
  ABS("abs"),
  /** −1, 0 or 1; slope 0. */
  SIGN("sign"),
  /** x². */
  SQUARE("square"),
  /** 1 / (1 + e^−x). */
  SIGMOID("sigmoid"),
  /** log(1 / (1 + e^−x)), without overflow. */
  LOG_SIGMOID("log_sigmoid"),
  /** log(1 + e^x), without overflow. */
  SOFTPLUS("softplus"),
  /** Hyperbolic tangent. */
  TANH("tanh"),
  /** e^x − 1, exact near 0; saturated as {@link #EXP}. */
  EXPM1("expm1"),
  /**
   * e^x − 1 − x, the exponential without the first two terms of its series, exact near 0; x is
   * clamped to ±S in both places, S as of {@link #EXP}, so that beyond it the value is constant and
   * the slope 0.
   */
  EXP_REMAINDER("exp_remainder"),
  /** The slope of {@link #EXP_REMAINDER}: e^x − 1 for |x| ≤ S, 0 beyond. */
  EXP_REMAINDER_SLOPE("exp_remainder'"),
  /** log(1 + x), exact near 0. */
  LOG1P("log1p"),
  /** log(1 − e^x) for x &lt; 0, exact near both ends. */
  LOG1M_EXP("log1m_exp"),
  /** The largest integer not above x; slope 0. */
  FLOOR("floor");

  private final String word;

  UnaryOp(String word) {
    this.word = word;
  }

  /** {@return whether the argument is clamped to ±S, with slope 0 beyond} */
  public boolean saturates() {
    return this == EXP || this == EXPM1 || this == EXP_REMAINDER;
  }

  @Override
  public String toString() {
    return word;
  }
}
