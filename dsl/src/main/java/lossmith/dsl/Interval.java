package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A lower and an upper bound of a node's value, by interval arithmetic from constants and the
 * ranges of parameters; the true range may be narrower. {@link Checks} refuses crossed clip bounds,
 * divisions by 0 and numbers out of range by it.
 *
 * @param low the lower bound
 * @param high the upper bound
 */
record Interval(double low, double high) {
  /** The bounds of a node; none where it reads data or uses an operation without a rule here. */
  static Option<Interval> of(Node node) {
    return node.match(new OfNode());
  }

  private static final class OfNode extends Otherwise<Option<Interval>> {
    @Override
    public Option<Interval> constant(Node.Constant node) {
      return Option.some(new Interval(node.value(), node.value()));
    }

    @Override
    public Option<Interval> parameter(Node.ParameterValue node) {
      return Option.some(new Interval(node.range().low(), node.range().high()));
    }

    @Override
    public Option<Interval> named(Node.Named node) {
      return node.of().match(this);
    }

    @Override
    public Option<Interval> stopGradient(Node.StopGradient node) {
      return node.of().match(this);
    }

    @Override
    public Option<Interval> broadcast(Node.Broadcast node) {
      return node.of().match(this);
    }

    @Override
    public Option<Interval> unary(Node.Unary node) {
      return node.of().match(this).flatMap(x -> Interval.unary(node.op(), x));
    }

    @Override
    public Option<Interval> binary(Node.Binary node) {
      return node.left()
          .match(this)
          .flatMap(x -> node.right().match(this).flatMap(y -> Interval.binary(node.op(), x, y)));
    }

    @Override
    protected Option<Interval> otherwise(Node node) {
      return Option.none();
    }
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
