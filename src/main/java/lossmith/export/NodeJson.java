package lossmith.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.portable.Attribute;
import lossmith.dsl.portable.NodeForm;
import lossmith.dsl.portable.NodeKind;

/**
 * One node of an objective as a JSON object: {@code kind}, what nodes of the kind have beside their
 * operands, and {@code of}, the places of the operands in the list of nodes.
 */
final class NodeJson {
  private static final String KIND = "kind";
  private static final String OPERANDS = "of";

  /** JSON has no word for it. */
  private static final String INFINITY = "Infinity";

  /** So much of a wrong value is shown. */
  private static final int SHOWN = 60;

  private final int place;
  private final JsonNode json;
  private Seq<Problem> problems = List.empty();

  private NodeJson(int place, JsonNode json) {
    this.place = place;
    this.json = json;
  }

  /** What was read of a node: its form, or what is wrong with it. */
  record Found(Option<NodeForm> form, Seq<Problem> problems) {}

  /** {@return the object of a node} */
  static ObjectNode write(NodeForm form, ObjectMapper mapper) {
    ObjectNode json = mapper.createObjectNode().put(KIND, form.kind().word());
    form.kind().attributes().zip(form.data()).forEach(one -> put(json, one._1.name(), one._2));
    if (form.operands().nonEmpty()) {
      form.operands().forEach(json.withArray(OPERANDS)::add);
    }
    return json;
  }

  private static void put(ObjectNode json, String name, Object value) {
    if (value instanceof Double x) {
      if (Double.isInfinite(x)) {
        json.put(name, x > 0 ? INFINITY : "-" + INFINITY);
      } else {
        json.put(name, x);
      }
    } else if (value instanceof Boolean x) {
      json.put(name, x);
    } else if (value instanceof Integer x) {
      json.put(name, x);
    } else if (value instanceof Enum<?> x) {
      json.put(name, word(x));
    } else {
      json.put(name, (String) value);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the node at a place in the list}
   *
   * @param place from 0
   * @param json what stands there
   */
  static Found read(int place, JsonNode json) {
    NodeJson reading = new NodeJson(place, json);
    Option<NodeForm> form = reading.form();
    return new Found(reading.problems.isEmpty() ? form : Option.none(), reading.problems);
  }

  private Option<NodeForm> form() {
    String word = json.path(KIND).asText();
    Seq<NodeKind> kinds = List.of(NodeKind.values());
    Option<NodeKind> found = kinds.find(kind -> kind.word().equals(word));
    if (found.isEmpty()) {
      report(
          shown(json.path(KIND)), "a kind of node" + Nearest.to(word, kinds.map(NodeKind::word)));
      return Option.none();
    }
    NodeKind kind = found.get();
    Seq<String> known = kind.attributes().map(Attribute::name).append(KIND).append(OPERANDS);
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                report(name, "of a " + kind.word() + " only " + known.mkString(", "));
              }
            });
    Seq<Option<Object>> data = kind.attributes().map(this::value);
    List<Integer> operands = operands(kind);
    return problems.isEmpty()
        ? Option.some(new NodeForm(kind, List.ofAll(data.flatMap(one -> one)), operands))
        : Option.none();
  }

  private List<Integer> operands(NodeKind kind) {
    JsonNode of = json.path(OPERANDS);
    if (!of.isMissingNode() && !of.isArray()) {
      report(OPERANDS + " " + shown(of), "a list of places");
      return List.empty();
    }
    if (of.size() < kind.least() || of.size() > kind.most()) {
      report(
          of.size() + " operands of a " + kind.word(),
          kind.least() == kind.most() ? "" + kind.least() : kind.least() + " to " + kind.most());
    }
    List<Integer> places = List.empty();
    for (JsonNode one : of) {
      if (!one.isIntegralNumber() || !one.canConvertToInt() || one.asInt() < 0) {
        report("operand " + shown(one), "the place of a node");
      } else if (one.asInt() >= place) {
        report("operand " + one.asInt(), "the place of a node before it");
      } else {
        places = places.append(one.asInt());
      }
    }
    return places;
  }

  private Option<Object> value(Attribute attribute) {
    JsonNode value = json.path(attribute.name());
    Option<Object> found = value(attribute.type(), value);
    if (found.isEmpty()) {
      report(
          value.isMissingNode() ? "no " + attribute.name() : attribute.name() + " " + shown(value),
          expected(attribute.type()));
    }
    return found;
  }

  private static Option<Object> value(Class<?> type, JsonNode value) {
    if (type == Double.class) {
      return number(value);
    } else if (type == Boolean.class) {
      return Option.when(value.isBoolean(), value::asBoolean);
    } else if (type == Integer.class) {
      return Option.when(value.isIntegralNumber() && value.canConvertToInt(), value::asInt);
    } else if (type.isEnum()) {
      return constants(type)
          .find(one -> value.isTextual() && word(one).equals(value.asText()))
          .map(one -> one);
    }
    return Option.when(value.isTextual(), value::asText);
  }

  private static Option<Object> number(JsonNode value) {
    if (value.isTextual() && value.asText().matches("-?" + INFINITY)) {
      return Option.some(Double.parseDouble(value.asText()));
    }
    return Option.when(
        value.isNumber() && Double.isFinite(value.asDouble()), () -> value.asDouble());
  }

  private static Seq<Enum<?>> constants(Class<?> type) {
    return List.of(type.getEnumConstants()).map(one -> (Enum<?>) one);
  }

  private static String expected(Class<?> type) {
    if (type == Double.class) {
      return "a number, \"" + INFINITY + "\" or \"-" + INFINITY + "\"";
    } else if (type == Boolean.class) {
      return "true or false";
    } else if (type == Integer.class) {
      return "a whole number";
    } else if (type.isEnum()) {
      return "one of " + constants(type).map(NodeJson::word).mkString(", ");
    }
    return "a text";
  }

  private void report(String wrote, String expected) {
    problems = problems.append(ObjectiveReading.problem("node " + place + ": " + wrote, expected));
  }

  /** A value as it stands in the file, shortened. */
  static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "nothing" : value.toString();
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
