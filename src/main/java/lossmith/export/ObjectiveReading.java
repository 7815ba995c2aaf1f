package lossmith.export;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import lossmith.dsl.Loss;
import lossmith.dsl.Nearest;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.portable.GraphForm;
import lossmith.dsl.portable.NodeForm;

/** One reading of an objective from its tree: what is wrong is collected. */
final class ObjectiveReading {
  private static final String NODES = "nodes";
  private static final String TRAINS = "trains";
  private static final Seq<String> TEXTS = List.of("name", "title");
  private static final Seq<String> KEYS =
      TEXTS
          .prependAll(List.of("format", "version"))
          .appendAll(
              List.of(
                  TRAINS,
                  NODES,
                  ObjectiveJson.PARTS,
                  ObjectiveJson.METRICS,
                  ObjectiveJson.FINGERPRINT,
                  ObjectiveJson.HASH));

  private final String place;
  private final JsonNode json;
  private Seq<Problem> problems = List.empty();

  ObjectiveReading(String place, JsonNode json) {
    this.place = place;
    this.json = json;
  }

  Objective objective() {
    version();
    json.fieldNames().forEachRemaining(this::known);
    for (String name : TEXTS) {
      if (!json.path(name).isTextual() || json.path(name).asText().isBlank()) {
        report(name + " " + shown(name), "a text");
      }
    }
    Seq<NodeForm> nodes = nodes();
    Map<String, Integer> parts = places(ObjectiveJson.PARTS);
    Map<String, Integer> metrics = places(ObjectiveJson.METRICS);
    Set<String> trains = trains();
    Problem.throwAll(problems);
    Seq<Node> made = new GraphForm(Vector.ofAll(nodes), LinkedHashMap.empty()).all();
    Loss loss = Loss.of(parts.mapValues(made::get), metrics.mapValues(made::get), trains);
    Objective read = new Objective(json.path("name").asText(), json.path("title").asText(), loss);
    same(ObjectiveJson.FINGERPRINT, loss.fingerprint());
    same(ObjectiveJson.HASH, ObjectiveJson.hash(ObjectiveJson.body(read)));
    Problem.throwAll(problems);
    return read;
  }

  /** Of another version nothing else can be said. */
  private void version() {
    JsonNode format = json.path("format");
    if (!format.isTextual() || !format.asText().equals(ObjectiveJson.FORMAT)) {
      report("format " + shown("format"), "\"" + ObjectiveJson.FORMAT + "\"");
    } else if (!json.path("version").isInt()
        || json.path("version").asInt() != ObjectiveJson.VERSION) {
      report("version " + shown("version"), ObjectiveJson.VERSION + ", which this Lossmith reads");
    }
    Problem.throwAll(problems);
  }

  private void known(String name) {
    if (!KEYS.contains(name)) {
      report("\"" + name + "\"", "one of " + KEYS.mkString(", ") + Nearest.to(name, KEYS));
    }
  }

  private Seq<NodeForm> nodes() {
    JsonNode all = json.path(NODES);
    if (!all.isArray() || all.isEmpty()) {
      report(NODES + " " + shown(NODES), "a list of nodes, operands first");
      return List.empty();
    }
    Seq<NodeJson.Found> found =
        Vector.ofAll(all).zipWithIndex().map(one -> NodeJson.read(one._2, one._1));
    problems = problems.appendAll(found.flatMap(NodeJson.Found::problems));
    return found.flatMap(NodeJson.Found::form);
  }

  /** The places by name of {@code parts} or of {@code metrics}. */
  private Map<String, Integer> places(String what) {
    JsonNode all = json.path(what);
    if (!all.isObject()) {
      report(what + " " + shown(what), "an object of names with places of nodes");
      return LinkedHashMap.empty();
    }
    Map<String, Integer> places = LinkedHashMap.empty();
    for (java.util.Map.Entry<String, JsonNode> one : all.properties()) {
      JsonNode at = one.getValue();
      if (!at.isInt() || at.asInt() < 0 || at.asInt() >= json.path(NODES).size()) {
        report(what + ": " + one.getKey() + " " + NodeJson.shown(at), "the place of a node");
      } else {
        places = places.put(one.getKey(), at.asInt());
      }
    }
    return places;
  }

  private Set<String> trains() {
    JsonNode all = json.path(TRAINS);
    Seq<JsonNode> names = all.isArray() ? List.ofAll(all) : List.empty();
    if (!all.isArray() || !names.forAll(JsonNode::isTextual)) {
      report(TRAINS + " " + shown(TRAINS), "a list of names");
    }
    return HashSet.ofAll(names.map(JsonNode::asText));
  }

  /** A file that says what it holds holds that. */
  private void same(String key, String found) {
    JsonNode told = json.path(key);
    if (!told.isMissingNode() && !(told.isTextual() && told.asText().equals(found))) {
      problems =
          problems.append(
              Problem.of(
                  "objective",
                  place
                      + ": "
                      + key
                      + " "
                      + NodeJson.shown(told)
                      + ", but what it holds has another",
                  "the objective as it was written",
                  "the file anew with lossmith export; or, if it was changed on purpose, leave out"
                      + " \""
                      + ObjectiveJson.FINGERPRINT
                      + "\" and \""
                      + ObjectiveJson.HASH
                      + "\""));
    }
  }

  private String shown(String key) {
    return NodeJson.shown(json.path(key));
  }

  private void report(String wrote, String expected) {
    problems = problems.append(problem(place + ": " + wrote, expected));
  }

  static Problem problem(String wrote, String expected) {
    return Problem.of(
        "objective", wrote, expected, "a file as lossmith export --to json writes it");
  }
}
