package lossmith.export.fx;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An argument in a graph: a number, or what a node before it gives.
 *
 * @param argument how it stands in JSON
 * @param shape what it is when the graph runs
 */
record FxValue(JsonNode argument, Shape shape) {
  /** What a value is when the graph runs. */
  enum Shape {
    /** A number of Python, the same wherever the graph runs. */
    NUMBER,
    /** A tensor of rank 0. */
    ONE,
    /** A tensor of a number for each token of the policy. */
    EACH
  }

  boolean isNumber() {
    return shape == Shape.NUMBER;
  }

  /** Its number; NaN where it has none. */
  double number() {
    if (!isNumber()) {
      return Double.NaN;
    }
    return argument.isNumber()
        ? argument.asDouble()
        : argument.path(FxGraph.FLOAT).asText().startsWith("-")
            ? Double.NEGATIVE_INFINITY
            : Double.POSITIVE_INFINITY;
  }

  /** The shape of what is made of this and another, element by element. */
  Shape with(FxValue other) {
    return shape.compareTo(other.shape) < 0 ? other.shape : shape;
  }
}
