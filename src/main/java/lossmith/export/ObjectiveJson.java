package lossmith.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Fingerprint;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.portable.GraphForm;

/**
 * An objective as JSON: the graph as a list of nodes, operands first, and which of them are parts
 * and metrics. The text is canonical: one objective has one text. It carries the objective's {@link
 * Loss#fingerprint}, which is of the value and its gradient, and a SHA-256 of all the rest, names
 * and metrics too; both are checked when it is read, where they are there. Reading takes nothing
 * that it does not know and runs nothing of what it reads.
 */
public final class ObjectiveJson {
  /** Increases when files change in a way that this reader would read wrong. */
  public static final int VERSION = 1;

  static final String FORMAT = "lossmith objective";
  static final String PARTS = "parts";
  static final String METRICS = "metrics";
  static final String FINGERPRINT = "fingerprint";
  static final String HASH = "sha256";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A line for each key, each node and each name. */
  private static final ObjectWriter LINES = MAPPER.writer(new Lines());

  private ObjectiveJson() {}

  /** {@return the text of an objective, ending with a line break} */
  public static String write(Objective objective) {
    ObjectNode json = body(objective);
    return text(json.put(HASH, hash(json)));
  }

  /** {@return all of an objective but its hash} */
  static ObjectNode body(Objective objective) {
    Loss loss = objective.loss();
    GraphForm form = GraphForm.of(named(PARTS, loss.parts()).merge(named(METRICS, loss.metrics())));
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("format", FORMAT)
            .put("version", VERSION)
            .put("name", objective.name())
            .put("title", objective.title());
    loss.trains().toList().sorted().forEach(json.putArray("trains")::add);
    ArrayNode nodes = json.putArray("nodes");
    form.nodes().forEach(node -> nodes.add(NodeJson.write(node, MAPPER)));
    ObjectNode parts = json.putObject(PARTS);
    loss.parts().keySet().forEach(name -> parts.put(name, place(form, PARTS, name)));
    ObjectNode metrics = json.putObject(METRICS);
    loss.metrics().keySet().forEach(name -> metrics.put(name, place(form, METRICS, name)));
    return json.put(FINGERPRINT, loss.fingerprint());
  }

  private static Map<String, Node> named(String what, Map<String, ? extends Term<?>> terms) {
    return terms.foldLeft(
        LinkedHashMap.empty(), (all, term) -> all.put(what + " " + term._1, term._2.node()));
  }

  private static int place(GraphForm form, String what, String name) {
    return form.places().get(what + " " + name).get();
  }

  private static String text(ObjectNode json) {
    try {
      return LINES.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers", e);
    }
  }

  /** {@return the SHA-256 of the text of a tree} */
  static String hash(ObjectNode json) {
    return Fingerprint.hash(text(json));
  }

  /**
   * {@return the objective of a text}
   *
   * @param text what {@link #write} gives, or the same otherwise spaced or ordered; the fingerprint
   *     and the hash may be left out
   * @param place where the text is from, for messages
   * @throws lossmith.dsl.ProblemException with all that is wrong
   */
  public static Objective read(String text, String place) {
    try {
      return new ObjectiveReading(place, MAPPER.readTree(text)).objective();
    } catch (JsonProcessingException e) {
      String at =
          Option.of(e.getLocation())
              .map(found -> ", line " + found.getLineNr() + ", column " + found.getColumnNr())
              .getOrElse("");
      throw ObjectiveReading.problem(place + at + ": " + e.getOriginalMessage(), "JSON")
          .exception();
    }
  }
}
