package lossmith.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.Map;
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
    return value(name).filter(JsonNode::isNumber).map(JsonNode::asDouble);
  }

  /** {@return the text under a name} */
  public String text(String name) {
    return optionalText(name).getOrElseThrow(() -> missing(name, "text"));
  }

  /** {@return the text under a name, if it is set} */
  public Option<String> optionalText(String name) {
    return value(name).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /** {@return whether the name is set to true} */
  public boolean flag(String name) {
    return flag(name, false);
  }

  /** {@return whether the name is set to true, or {@code otherwise} where it is not set} */
  public boolean flag(String name, boolean otherwise) {
    return value(name).map(JsonNode::asBoolean).getOrElse(otherwise);
  }

  /** {@return the numbers of the list under a name, none if it is not set} */
  public Seq<Double> numbers(String name) {
    return value(name).toList().flatMap(List::ofAll).map(JsonNode::asDouble);
  }

  /** {@return the texts of the list under a name, none if it is not set} */
  public Seq<String> texts(String name) {
    return value(name).toList().flatMap(List::ofAll).map(JsonNode::asText);
  }

  /** {@return the settings inside a name, none of which is set if it is not} */
  public GoldenConfig nested(String name) {
    return new GoldenConfig(value(name).getOrElse(MissingNode.getInstance()));
  }

  /** {@return the numbers, texts and flags that are set, by name} */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (var entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (value.isNumber()) {
        values.put(entry.getKey(), value.asDouble());
      } else if (value.isTextual()) {
        values.put(entry.getKey(), value.asText());
      } else if (value.isBoolean()) {
        values.put(entry.getKey(), value.asBoolean());
      }
    }
    return values;
  }

  private Option<JsonNode> value(String name) {
    return Option.of(node.get(name)).filter(value -> !value.isNull());
  }

  private RuntimeException missing(String name, String kind) {
    return Problem.of("config", "a case without " + name, kind, "a case that sets it").exception();
  }
}
