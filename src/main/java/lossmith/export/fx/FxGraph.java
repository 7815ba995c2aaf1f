package lossmith.export.fx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.HashMap;
import lossmith.export.fx.FxValue.Shape;

/**
 * The nodes of a graph of {@code torch.fx} in the order in which they run. The same call of the
 * same arguments is one node.
 */
final class FxGraph {
  /** The key of a number that JSON has no word for. */
  static final String FLOAT = "float";

  private static final String REFERENCE = "ref";
  private static final String INPUT = "placeholder";
  private static final String OUTPUT = "output";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ArrayNode nodes = JSON.arrayNode();
  private final java.util.Map<List<Object>, FxValue> known = new HashMap<>();
  private Set<String> names = HashSet.empty();

  /** {@return a number as an argument} */
  static FxValue number(double value) {
    JsonNode argument =
        Double.isFinite(value)
            ? JSON.numberNode(value)
            : JSON.objectNode().put(FLOAT, value > 0 ? "inf" : value < 0 ? "-inf" : "nan");
    return new FxValue(argument, Shape.NUMBER);
  }

  /** {@return a whole number, such as that of an axis, as an argument} */
  static FxValue whole(int value) {
    return new FxValue(JSON.numberNode(value), Shape.NUMBER);
  }

  /** {@return a list of one whole number as an argument} */
  static FxValue list(int value) {
    return new FxValue(JSON.arrayNode().add(value), Shape.NUMBER);
  }

  /** {@return an input of the graph} */
  FxValue placeholder(String name, Shape shape) {
    return node(INPUT, name, name, List.empty(), LinkedHashMap.empty(), shape);
  }

  /**
   * {@return a call}
   *
   * @param function by its qualified name, such as {@code torch.exp}
   * @param shape of what it gives
   * @param arguments in their order
   */
  FxValue call(String function, Shape shape, FxValue... arguments) {
    return call(function, shape, List.of(arguments), LinkedHashMap.empty());
  }

  /**
   * {@return the same with named arguments}
   *
   * @param named those by their names
   */
  FxValue call(String function, Shape shape, Seq<FxValue> arguments, Map<String, FxValue> named) {
    String last = function.substring(function.lastIndexOf('.') + 1).replaceAll("_$", "");
    Seq<JsonNode> args = arguments.map(FxValue::argument);
    return node("call_function", last, function, args, named.mapValues(FxValue::argument), shape);
  }

  /** {@return a call of a method of a tensor, which needs nothing else} */
  FxValue method(String name, FxValue of) {
    List<JsonNode> args = List.of(of.argument());
    return node("call_method", name, name, args, LinkedHashMap.empty(), of.shape());
  }

  /** Ends the graph with what it returns. */
  void output(FxValue value) {
    node(OUTPUT, OUTPUT, OUTPUT, List.of(value.argument()), LinkedHashMap.empty(), value.shape());
  }

  /** {@return the inputs, and the nodes that what is returned is made of} */
  ArrayNode nodes() {
    Set<String> read = HashSet.empty();
    List<JsonNode> used = List.empty();
    for (JsonNode node : List.ofAll(nodes).reverse()) {
      String op = node.path("op").asText();
      boolean kept = op.equals(INPUT) || op.equals(OUTPUT);
      if (kept || read.contains(node.path("name").asText())) {
        used = used.prepend(node);
        read = read.addAll(List.ofAll(node.findValuesAsText(REFERENCE)));
      }
    }
    return JSON.arrayNode().addAll(used.asJava());
  }

  @CanIgnoreReturnValue
  private FxValue node(
      String op,
      String name,
      String target,
      Seq<JsonNode> args,
      Map<String, JsonNode> kwargs,
      Shape shape) {
    return known.computeIfAbsent(
        List.<Object>of(op, target, args, kwargs),
        key -> {
          String free = free(name);
          ObjectNode node = nodes.addObject().put("op", op).put("name", free).put("target", target);
          node.putArray("args").addAll(args.asJava());
          node.putObject("kwargs").setAll(kwargs.toJavaMap());
          return new FxValue(JSON.objectNode().put(REFERENCE, free), shape);
        });
  }

  private String free(String name) {
    String candidate = name;
    for (int i = 1; names.contains(candidate); i++) {
      candidate = name + "_" + i;
    }
    names = names.add(candidate);
    return candidate;
  }
}
