package lossmith.dsl.simplify;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;

/** Arithmetic on constants, where it is exact or plainly what every meaning computes. */
final class Constants {
  private Constants() {}

  static boolean is(Node node, double value) {
    return node instanceof Node.Constant c && c.value() == value;
  }

  static Option<Double> value(Node node) {
    return node instanceof Node.Constant c ? Option.some(c.value()) : Option.none();
  }

  static Option<Double> of(UnaryOp op, double x) {
    return switch (op) {
      case NEGATE -> Option.some(-x); // exact, at the infinities too
      case ABS -> finite(Math.abs(x));
      case SIGN -> finite(Math.signum(x));
      case SQUARE -> finite(x * x);
      case FLOOR -> finite(Math.floor(x));
      case EXP, EXP_SLOPE -> x == 0 ? Option.some(1.0) : Option.none();
      case EXPM1, EXP_REMAINDER, EXP_REMAINDER_SLOPE, LOG1P, TANH ->
          x == 0 ? Option.some(0.0) : Option.none();
      case LOG -> x == 1 ? Option.some(0.0) : Option.none();
      case SQRT -> x == 0 || x == 1 ? Option.some(x) : Option.none();
      case SIGMOID -> x == 0 ? Option.some(0.5) : Option.none();
      case LOG_SIGMOID, SOFTPLUS, LOG1M_EXP -> Option.none();
    };
  }

  static Option<Double> of(BinaryOp op, double x, double y) {
    return switch (op) {
      case PLUS -> finite(x + y);
      case MINUS -> finite(x - y);
      case TIMES -> finite(x * y);
      case DIVIDE -> finite(x / y);
      case MIN -> Option.some(Math.min(x, y));
      case MAX -> Option.some(Math.max(x, y));
      case LOG_ADD_EXP, SIGMOID_DIFF, PROB_TIMES -> Option.none();
    };
  }

  private static Option<Double> finite(double x) {
    return Double.isFinite(x) ? Option.some(x) : Option.none();
  }
}
