package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level.Batch;

/**
 * Two bounds to hold a term between. Which of ε and 1 + ε is meant is in the name of the factory,
 * never in a comment.
 *
 * @param low the lower bound, of the whole batch and detached
 * @param high the upper bound
 */
public record Clip(Detached<Batch> low, Detached<Batch> high) {
  /** Checks that the bounds do not cross, for no value of their parameters. */
  public Clip {
    Checks.bounds(low.node(), high.node());
  }

  /**
   * {@return [1 − low, 1 + high], the trust region of an importance ratio}
   *
   * @param low how far below 1, from 0
   * @param high how far above 1, from 0
   */
  public static Clip around(double low, double high) {
    Problem.throwAll(width("low", low, low).appendAll(width("high", high, high)));
    return between(1 - low, 1 + high);
  }

  /**
   * {@return [1 − low, 1 + high] of two parameters}
   *
   * @param low how far below 1, in a range from 0
   * @param high how far above 1, in a range from 0
   */
  public static Clip around(Parameter low, Parameter high) {
    Problem.throwAll(
        width(low.name(), low.range().low(), low.range().high())
            .appendAll(width(high.name(), high.range().low(), high.range().high())));
    return new Clip(low.negated().shiftedBy(1), high.shiftedBy(1));
  }

  private static Seq<Problem> width(String name, double least, double most) {
    return least >= 0 && most >= 0
        ? List.empty()
        : List.of(
            Problem.of(
                "clip",
                "around 1, " + name + " = " + (least == most ? "" + least : least + " to " + most),
                "a width of 0 or more on either side",
                "Clip.around(0.2, 0.28) for [0.8, 1.28], or Clip.between(low, high)"));
  }

  /** {@return [low, high], as they are} */
  public static Clip between(double low, double high) {
    if (!(low <= high)) {
      throw Problem.of(
              "clip", "[" + low + ", " + high + "]", "low <= high", "the smaller bound first")
          .exception();
    }
    return new Clip(constant(low), constant(high));
  }

  /** {@return [low, high] of two terms, as they are} */
  public static Clip between(Detached<Batch> low, Detached<Batch> high) {
    return new Clip(low, high);
  }

  /** {@return (−∞, high]} */
  public static Clip atMost(Detached<Batch> high) {
    return new Clip(constant(Double.NEGATIVE_INFINITY), high);
  }

  /** {@return [low, ∞)} */
  public static Clip atLeast(Detached<Batch> low) {
    return new Clip(low, constant(Double.POSITIVE_INFINITY));
  }

  /** {@return the formulas of the two bounds, as an interval} */
  @Override
  public String toString() {
    return "[" + Printed.formula(low.node()) + ", " + Printed.formula(high.node()) + "]";
  }

  Node low(Level.Name level) {
    return spread(low, level);
  }

  Node high(Level.Name level) {
    return spread(high, level);
  }

  private static Node spread(Detached<Batch> bound, Level.Name level) {
    return bound.node() instanceof Node.Constant constant
        ? Nodes.constant(constant.value(), level)
        : Nodes.broadcast(bound.node(), level);
  }

  private static Detached<Batch> constant(double value) {
    return Detached.of(Nodes.constant(value, Level.Name.BATCH));
  }
}
