package lossmith.conform.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import lossmith.dsl.Problem;

/** The settings of a case under the names of the system that was run; null ones are absent. */
public final class GoldenConfig {
  private final JsonNode node;

  GoldenConfig(JsonNode node) {
    this.node = node;
  }

  /** {@return the number under a name} */
  public double number(String name) {
    return optionalNumber(name).getOrElseThrow(() -> missing(name, "a number"));
  }

  /** {@return the number under a name, if it is set} */
  public Option<Double> optionalNumber(String name) {
    return value(name, JsonNode::isNumber, "a number").map(JsonNode::asDouble);
  }

  /** {@return the text under a name} */
  public String text(String name) {
    return optionalText(name).getOrElseThrow(() -> missing(name, "text"));
  }

  /** {@return the text under a name, if it is set} */
  public Option<String> optionalText(String name) {
    return value(name, JsonNode::isTextual, "text").map(JsonNode::asText);
  }

  /** {@return whether the name is set to true} */
  public boolean flag(String name) {
    return flag(name, false);
  }

  /** {@return whether the name is set to true, or {@code otherwise} where it is not set} */
  public boolean flag(String name, boolean otherwise) {
    return value(name, JsonNode::isBoolean, "true or false")
        .map(JsonNode::asBoolean)
        .getOrElse(otherwise);
  }

  /** {@return the numbers of the list under a name, none if it is not set} */
  public Seq<Double> numbers(String name) {
    return list(name, JsonNode::isNumber, "a list of numbers").map(JsonNode::asDouble);
  }

  /** {@return the texts of the list under a name, none if it is not set} */
  public Seq<String> texts(String name) {
    return list(name, JsonNode::isTextual, "a list of texts").map(JsonNode::asText);
  }

  /** {@return the texts of the list under a name, or the one text there} */
  public Seq<String> textOrTexts(String name) {
    return Option.of(node.get(name)).exists(JsonNode::isTextual)
        ? List.of(text(name))
        : texts(name);
  }

  /**
   * {@return the numbers of the list under a name}
   *
   * @param count how many there must be
   */
  public Seq<Double> numbers(String name, int count) {
    Seq<Double> numbers = numbers(name);
    if (numbers.size() != count) {
      throw wrong(name, String.valueOf(node.get(name)), "a list of " + count + " numbers");
    }
    return numbers;
  }

  /** {@return the settings inside a name, none of which is set if it is not} */
  public GoldenConfig nested(String name) {
    return new GoldenConfig(
        value(name, JsonNode::isObject, "an object").getOrElse(MissingNode.getInstance()));
  }

  /** {@return the settings that are set, by name: numbers, flags, and anything else as text} */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (var entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (value.isNumber()) {
        values.put(entry.getKey(), value.asDouble());
      } else if (value.isBoolean()) {
        values.put(entry.getKey(), value.asBoolean());
      } else if (!value.isNull()) {
        values.put(entry.getKey(), value.isTextual() ? value.asText() : value.toString());
      }
    }
    return values;
  }

  private Option<JsonNode> value(String name, Predicate<JsonNode> kind, String expected) {
    Option<JsonNode> value = Option.of(node.get(name)).filter(given -> !given.isNull());
    if (value.exists(kind.negate())) {
      throw wrong(name, String.valueOf(value.get()), expected);
    }
    return value;
  }

  private Seq<JsonNode> list(String name, Predicate<JsonNode> kind, String expected) {
    Seq<JsonNode> list = value(name, JsonNode::isArray, expected).toList().flatMap(List::ofAll);
    if (!list.forAll(kind)) {
      throw wrong(name, String.valueOf(node.get(name)), expected);
    }
    return list;
  }

  private static RuntimeException wrong(String name, String got, String expected) {
    return Problem.of(name, got, expected, expected).exception();
  }

  private RuntimeException missing(String name, String kind) {
    return Problem.of("config", "a case without " + name, kind, "a case that sets it").exception();
  }
}
