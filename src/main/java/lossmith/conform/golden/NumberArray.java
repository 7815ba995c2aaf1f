package lossmith.conform.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import lossmith.dsl.Problem;

/**
 * A rectangular array of numbers of any rank, rows first; a number of rank 0 is one entry.
 * Immutable.
 */
public final class NumberArray {
  private final int[] shape;
  private final double[] values;

  private NumberArray(int[] shape, double[] values) {
    this.shape = shape;
    this.values = values;
  }

  /**
   * {@return the array of this shape}
   *
   * @param values the entries, rows first
   * @param shape the length of each dimension
   */
  public static NumberArray of(double[] values, int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    if (values.length != size) {
      throw Problem.of(
              "array",
              values.length + " numbers for the shape " + Arrays.toString(shape),
              size + " numbers",
              "that many")
          .exception();
    }
    return new NumberArray(shape.clone(), values.clone());
  }

  /**
   * {@return the numbers of a nested JSON list; "NaN", "Infinity" and "-Infinity" are numbers}
   *
   * @param name what to call it in a message
   * @param node the list, or a single number
   */
  static NumberArray of(String name, JsonNode node) {
    int[] shape = shape(node).toJavaStream().mapToInt(n -> n).toArray();
    DoubleStream.Builder values = DoubleStream.builder();
    fill(name, node, shape, 0, values);
    return new NumberArray(shape, values.build().toArray());
  }

  private static Seq<Integer> shape(JsonNode node) {
    if (!node.isArray()) {
      return List.empty();
    }
    Seq<Integer> inner = node.isEmpty() ? List.empty() : shape(node.get(0));
    return inner.prepend(node.size());
  }

  private static void fill(
      String name, JsonNode node, int[] shape, int depth, DoubleStream.Builder values) {
    if (depth == shape.length) {
      values.add(number(name, node));
      return;
    }
    if (!node.isArray() || node.size() != shape[depth]) {
      throw Problem.of(
              "array",
              name + ": a ragged list",
              "lists of " + shape[depth] + " at depth " + depth,
              "a rectangular list")
          .exception();
    }
    for (JsonNode entry : node) {
      fill(name, entry, shape, depth + 1, values);
    }
  }

  private static double number(String name, JsonNode node) {
    if (node.isNumber()) {
      return node.asDouble();
    }
    return switch (node.isTextual() ? node.asText() : "") {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default ->
          throw Problem.of(
                  "array",
                  name + ": " + node,
                  "a number, \"NaN\", \"Infinity\" or \"-Infinity\"",
                  "a number")
              .exception();
    };
  }

  /** {@return how many dimensions it has; 0 for a single number} */
  public int rank() {
    return shape.length;
  }

  /** {@return the length of a dimension} */
  public int length(int dimension) {
    if (dimension >= shape.length) {
      throw other("an array of at least " + (dimension + 1) + " dimensions");
    }
    return shape[dimension];
  }

  /** {@return whether both have the same shape} */
  public boolean shapedAs(NumberArray other) {
    return Arrays.equals(shape, other.shape);
  }

  /** {@return the shape, such as {@code [8, 12]}} */
  public String shape() {
    return Arrays.toString(shape);
  }

  /** {@return how many entries it has} */
  public int size() {
    return values.length;
  }

  /** {@return an entry by its place, rows first} */
  public double get(int i) {
    if (i < 0 || i >= values.length) {
      throw other("an array with an entry " + i);
    }
    return values[i];
  }

  private RuntimeException other(String expected) {
    return Problem.of("array", "one of shape " + shape(), expected, "inputs whose shapes fit")
        .exception();
  }

  /** {@return a copy of the entries, rows first} */
  public double[] values() {
    return values.clone();
  }

  /** {@return every entry times a number} */
  public NumberArray scaledBy(double factor) {
    return new NumberArray(shape, Arrays.stream(values).map(x -> x * factor).toArray());
  }

  /** {@return the product, entry by entry, of two arrays of one shape} */
  public NumberArray times(NumberArray other) {
    if (!shapedAs(other)) {
      throw Problem.of("array", shape() + " times " + other.shape(), "one shape", "equal shapes")
          .exception();
    }
    double[] product = values.clone();
    for (int i = 0; i < product.length; i++) {
      product[i] *= other.values[i];
    }
    return new NumberArray(shape, product);
  }

  /** {@return the index of an entry, such as {@code [3, 1]}} */
  String index(int i) {
    int[] index = new int[shape.length];
    int rest = i;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    return Arrays.toString(index);
  }
}
