package lossmith.export.fx;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import java.util.function.DoubleBinaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.UnaryOp;
import lossmith.export.fx.FxValue.Shape;

/** The element-wise functions in terms of those of {@code torch} and {@code operator}. */
final class FxFunctions {
  /** So many terms of its series give e^x − 1 − x below a half to the last digit. */
  private static final int TERMS = 16;

  private final FxGraph graph;
  private final FxValue one;
  private final double saturation;

  /**
   * The functions in a graph.
   *
   * @param graph to which they are added
   * @param one any tensor of rank 0 in the numbers that are computed with
   * @param saturation beyond which the exponential is flat
   */
  FxFunctions(FxGraph graph, FxValue one, double saturation) {
    this.graph = graph;
    this.one = one;
    this.saturation = saturation;
  }

  /** {@return a number as a tensor, anything else as it is} */
  FxValue tensor(FxValue x) {
    return x.isNumber() ? graph.call("torch.full_like", Shape.ONE, one, x) : x;
  }

  FxValue call(String function, FxValue of) {
    FxValue x = tensor(of);
    return graph.call(function, x.shape(), x);
  }

  FxValue call(String function, FxValue left, FxValue right) {
    FxValue x = left.isNumber() && right.isNumber() ? tensor(left) : left;
    return graph.call(function, x.with(right), x, right);
  }

  FxValue tensors(String function, FxValue left, FxValue right) {
    return call(function, tensor(left), tensor(right));
  }

  FxValue plus(FxValue x, FxValue y) {
    return arithmetic("operator.add", Double::sum, x, y);
  }

  FxValue minus(FxValue x, FxValue y) {
    return arithmetic("operator.sub", (a, b) -> a - b, x, y);
  }

  FxValue times(FxValue x, FxValue y) {
    return arithmetic("operator.mul", (a, b) -> a * b, x, y);
  }

  FxValue divided(FxValue x, FxValue y) {
    return arithmetic("operator.truediv", (a, b) -> a / b, x, y);
  }

  private FxValue arithmetic(String function, DoubleBinaryOperator op, FxValue x, FxValue y) {
    return x.isNumber() && y.isNumber()
        ? FxGraph.number(op.applyAsDouble(x.number(), y.number()))
        : call(function, x, y);
  }

  /** {@return x where it is no less than low, else low} */
  FxValue atLeast(FxValue x, FxValue low) {
    return clamp(x, "min", low);
  }

  /** {@return x where it is no more than high, else high} */
  FxValue atMost(FxValue x, FxValue high) {
    return clamp(x, "max", high);
  }

  private FxValue clamp(FxValue of, String bound, FxValue by) {
    FxValue x = tensor(of);
    return graph.call("torch.clamp", x.with(by), List.of(x), LinkedHashMap.of(bound, by));
  }

  /** {@return one of two numbers, by a condition} */
  FxValue where(FxValue when, FxValue left, FxValue right) {
    FxValue x = left.isNumber() && right.isNumber() ? tensor(left) : left;
    Shape shape = when.with(x).compareTo(right.shape()) < 0 ? right.shape() : when.with(x);
    return graph.call("torch.where", shape, when, x, right);
  }

  FxValue of(UnaryOp op, FxValue x) {
    return switch (op) {
      case NEGATE -> x.isNumber() ? FxGraph.number(-x.number()) : call("operator.neg", x);
      case EXP -> call("torch.exp", saturated(x));
      case EXP_SLOPE -> withinSaturation(x, of(UnaryOp.EXP, x));
      case LOG -> call("torch.log", x);
      case SQRT -> call("torch.sqrt", x);
      case ABS -> call("torch.abs", x);
      case SIGN -> call("torch.sign", x);
      case SQUARE -> call("torch.square", x);
      case SIGMOID -> call("torch.sigmoid", x);
      case LOG_SIGMOID -> negative(softplus(negative(x)));
      case SOFTPLUS -> softplus(x);
      case TANH -> call("torch.tanh", x);
      case EXPM1 -> call("torch.expm1", saturated(x));
      case EXP_REMAINDER -> expRemainder(saturated(x));
      case EXP_REMAINDER_SLOPE -> withinSaturation(x, of(UnaryOp.EXPM1, x));
      case LOG1P -> call("torch.log1p", x);
      case LOG1M_EXP -> log1mExp(x);
      case FLOOR -> call("torch.floor", x);
    };
  }

  FxValue of(BinaryOp op, FxValue x, FxValue y) {
    return switch (op) {
      case PLUS -> plus(x, y);
      case MINUS -> minus(x, y);
      case TIMES -> times(x, y);
      case DIVIDE -> divided(x, y);
      case MIN -> x.isNumber() ? atMost(y, x) : atMost(x, y);
      case MAX -> x.isNumber() ? atLeast(y, x) : atLeast(x, y);
      case LOG_ADD_EXP -> tensors("torch.logaddexp", x, y);
      case SIGMOID_DIFF ->
          where(isNegativeInfinity(x), FxGraph.number(0), call("torch.sigmoid", minus(x, y)));
      case PROB_TIMES ->
          where(isNegativeInfinity(x), FxGraph.number(0), times(call("torch.exp", x), y));
    };
  }

  FxValue of(CompareOp op, FxValue x, FxValue y) {
    return switch (op) {
      case BELOW -> call("operator.lt", x, y);
      case AT_MOST -> call("operator.le", x, y);
      case EQUAL -> call("operator.eq", x, y);
    };
  }

  private FxValue negative(FxValue x) {
    return of(UnaryOp.NEGATE, x);
  }

  private FxValue saturated(FxValue x) {
    FxValue of = tensor(x);
    return graph.call(
        "torch.clamp",
        of.shape(),
        List.of(of),
        LinkedHashMap.of("min", FxGraph.number(-saturation), "max", FxGraph.number(saturation)));
  }

  private FxValue withinSaturation(FxValue x, FxValue slope) {
    FxValue within = of(CompareOp.AT_MOST, of(UnaryOp.ABS, x), FxGraph.number(saturation));
    return where(within, slope, FxGraph.number(0));
  }

  private FxValue softplus(FxValue x) {
    return tensors("torch.logaddexp", x, FxGraph.number(0));
  }

  private FxValue expRemainder(FxValue x) {
    FxValue series = FxGraph.number(1);
    for (int k = TERMS; k > 2; k--) {
      series = plus(times(divided(x, FxGraph.number(k)), series), FxGraph.number(1));
    }
    FxValue near = times(divided(of(UnaryOp.SQUARE, x), FxGraph.number(2)), series);
    FxValue small = of(CompareOp.BELOW, of(UnaryOp.ABS, x), FxGraph.number(0.5));
    return where(small, near, minus(call("torch.expm1", x), x));
  }

  private FxValue log1mExp(FxValue x) {
    FxValue near = call("torch.log", negative(call("torch.expm1", x)));
    FxValue far = call("torch.log1p", negative(call("torch.exp", x)));
    return where(of(CompareOp.BELOW, FxGraph.number(-Math.log(2)), x), near, far);
  }

  private FxValue isNegativeInfinity(FxValue x) {
    return of(CompareOp.EQUAL, x, FxGraph.number(Double.NEGATIVE_INFINITY));
  }
}
