package lossmith.dsl.reference;

import lossmith.dsl.BinaryOp;
import lossmith.dsl.UnaryOp;

/** The element-wise functions on doubles. */
final class ScalarFunctions {
  /** Beyond ±SATURATION the exponential is flat. */
  static final double SATURATION = 700;

  /** From this k on 0.5^k / k! is below the rounding of a double, relative to 0.5² / 2. */
  private static final int LAST_TERM = 16;

  private ScalarFunctions() {}

  public static double of(UnaryOp op, double x) {
    return switch (op) {
      case NEGATE -> -x;
      case EXP -> Math.exp(saturated(x));
      case EXP_SLOPE -> Math.abs(x) <= SATURATION ? Math.exp(x) : 0;
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case SQUARE -> x * x;
      case SIGMOID -> x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
      case LOG_SIGMOID -> -softplus(-x);
      case SOFTPLUS -> softplus(x);
      case TANH -> Math.tanh(x);
      case EXPM1 -> Math.expm1(saturated(x));
      case EXP_REMAINDER -> expRemainder(saturated(x));
      case EXP_REMAINDER_SLOPE -> Math.abs(x) <= SATURATION ? Math.expm1(x) : 0;
      case LOG1P -> Math.log1p(x);
      case LOG1M_EXP -> x > -Math.log(2) ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
      case FLOOR -> Math.floor(x);
    };
  }

  public static double of(BinaryOp op, double x, double y) {
    return switch (op) {
      case PLUS -> x + y;
      case MINUS -> x - y;
      case TIMES -> x * y;
      case DIVIDE -> x / y;
      case MIN -> Math.min(x, y);
      case MAX -> Math.max(x, y);
      case SIGMOID_DIFF -> x == Double.NEGATIVE_INFINITY ? 0 : of(UnaryOp.SIGMOID, x - y);
      case LOG_ADD_EXP ->
          x == y ? x + Math.log(2) : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));
      case PROB_TIMES -> x == Double.NEGATIVE_INFINITY ? 0 : Math.exp(Math.min(x, SATURATION)) * y;
    };
  }

  private static double saturated(double x) {
    return Math.max(-SATURATION, Math.min(SATURATION, x));
  }

  /** e^x − 1 − x; near 0, where x would cancel, by its series x²/2 (1 + x/3 (1 + x/4 (1 + …))). */
  private static double expRemainder(double x) {
    if (!(Math.abs(x) < 0.5)) {
      return Math.expm1(x) - x;
    }
    double series = 1;
    for (int k = LAST_TERM; k > 2; k--) {
      series = 1 + x / k * series;
    }
    return x * x / 2 * series;
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
