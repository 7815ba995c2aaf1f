package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * The smallest and the largest number that a node can be, where constants and the ranges of
 * parameters tell it: what {@link Checks} asks before it lets two bounds cross.
 *
 * @param low the smallest
 * @param high the largest
 */
record Interval(double low, double high) {
  /** The interval of a node; none where data decides. */
  static Option<Interval> of(Node node) {
    if (node instanceof Node.Constant constant) {
      return Option.some(new Interval(constant.value(), constant.value()));
    }
    if (node instanceof Node.ParameterValue parameter) {
      return Option.some(new Interval(parameter.range().low(), parameter.range().high()));
    }
    if (node instanceof Node.Named
        || node instanceof Node.StopGradient
        || node instanceof Node.Broadcast) {
      return of(node.children().head());
    }
    if (node instanceof Node.Unary unary) {
      return of(unary.of()).flatMap(x -> unary(unary.op(), x));
    }
    if (node instanceof Node.Binary binary) {
      return of(binary.left())
          .flatMap(x -> of(binary.right()).flatMap(y -> binary(binary.op(), x, y)));
    }
    return Option.none();
  }

  private static Option<Interval> unary(UnaryOp op, Interval x) {
    return switch (op) {
      case NEGATE -> Option.some(new Interval(-x.high, -x.low));
      case EXP -> between(List.of(Math.exp(x.low), Math.exp(x.high)));
      case LOG -> between(List.of(Math.log(x.low), Math.log(x.high)));
      case SQRT -> between(List.of(Math.sqrt(x.low), Math.sqrt(x.high)));
      default -> Option.none();
    };
  }

  private static Option<Interval> binary(BinaryOp op, Interval x, Interval y) {
    return switch (op) {
      case PLUS -> between(List.of(x.low + y.low, x.high + y.high));
      case MINUS -> between(List.of(x.low - y.high, x.high - y.low));
      case TIMES ->
          between(List.of(x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high));
      case MIN -> Option.some(new Interval(Math.min(x.low, y.low), Math.min(x.high, y.high)));
      case MAX -> Option.some(new Interval(Math.max(x.low, y.low), Math.max(x.high, y.high)));
      default -> Option.none();
    };
  }

  private static Option<Interval> between(Seq<Double> ends) {
    return Option.when(
        ends.forAll(end -> !end.isNaN()), () -> new Interval(ends.min().get(), ends.max().get()));
  }

  @Override
  public String toString() {
    return low == high ? String.valueOf(low) : "[" + low + ", " + high + "]";
  }
}
