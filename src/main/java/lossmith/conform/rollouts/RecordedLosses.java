package lossmith.conform.rollouts;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.Array;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Problem;

/**
 * The results of another system.
 *
 * @param probe the tokens at which every gradient is given
 * @param advantages one number per response
 * @param cases the losses
 * @param centred the advantages without a std, one number per response; empty if not given
 * @param ratioWeights figures of the truncated importance weights of the rollout policy, with their
 *     threshold; empty if not given
 * @param klToReference the mean of each KL estimator to the reference; empty if not given
 */
record RecordedLosses(
    Seq<Integer> probe,
    Seq<Double> advantages,
    Seq<Case> cases,
    Seq<Double> centred,
    Map<String, Double> ratioWeights,
    Map<String, Double> klToReference) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /** What of a case is no figure. */
  private static final Seq<String> FACTS =
      List.of("name", "loss_name", "config", "grad", "selected", "notes", "source", "seed");

  /** As many letters of a value are shown. */
  private static final int MOST = 40;

  /**
   * One loss under one configuration.
   *
   * @param name what it is called in the table
   * @param lossName the other system's name of the loss
   * @param config the other system's configuration
   * @param numbers loss and metrics; null ones are not here
   * @param others why further figures cannot be compared, by name
   * @param gradient figures of the gradient
   * @param first20 the gradient at the first tokens
   * @param probe the gradient at the probed tokens
   * @param selected the tokens that the other system picked
   */
  record Case(
      String name,
      String lossName,
      Map<String, Object> config,
      Map<String, Double> numbers,
      Map<String, String> others,
      Map<String, Double> gradient,
      Seq<Double> first20,
      Seq<Double> probe,
      Option<Seq<Integer>> selected) {}

  static RecordedLosses read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw problem(file, "no such file");
    }
    try {
      JsonNode root = MAPPER.readTree(file.toFile());
      Seq<Case> cases = List.ofAll(required(file, root, "cases")).map(node -> oneCase(file, node));
      Seq<String> twice =
          cases.groupBy(Case::name).filterValues(same -> same.size() > 1).keySet().toList();
      if (cases.isEmpty() || twice.nonEmpty()) {
        throw problem(
            file, cases.isEmpty() ? "no cases" : twice.mkString(", ") + " more than once");
      }
      return new RecordedLosses(
          ints(file, "probe_index", required(file, root, "probe_index")),
          doubles(file, "advantages", required(file, required(file, root, "grpo"), "advantages")),
          cases,
          doubles(
              file,
              "advantages_without_std",
              required(file, root, "grpo").path("advantages_without_std")),
          numbers(file, root, "rollout_is_token_weights"),
          numbers(file, root, "kl_to_ref_masked_mean"));
    } catch (IOException e) {
      throw problem(
          file, "no JSON: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static Case oneCase(Path file, JsonNode node) {
    JsonNode gradient = required(file, node, "grad");
    Map<String, Object> config = LinkedHashMap.empty();
    for (var entry : required(file, node, "config").properties()) {
      JsonNode value = entry.getValue();
      config =
          config.put(entry.getKey(), value.isNumber() ? (Object) value.asDouble() : value.asText());
    }
    return new Case(
        required(file, node, "name").asText(),
        required(file, node, "loss_name").asText(),
        config,
        numbers(node),
        others("", node, FACTS).merge(others("grad ", gradient, List.of("first20", "probe"))),
        numbers(gradient),
        doubles(file, "first20", required(file, gradient, "first20")),
        doubles(file, "probe", required(file, gradient, "probe")),
        Option.of(node.get("selected"))
            .filter(list -> !list.isNull())
            .map(list -> ints(file, "selected", list)));
  }

  private static JsonNode required(Path file, JsonNode node, String name) {
    if (!node.hasNonNull(name)) {
      throw problem(file, "nothing under \"" + name + "\"");
    }
    return node.get(name);
  }

  private static Map<String, Double> numbers(JsonNode node) {
    Map<String, Double> numbers = LinkedHashMap.empty();
    for (var entry : node.properties()) {
      for (double number : number(entry.getValue())) {
        numbers = numbers.put(entry.getKey(), number);
      }
    }
    return numbers;
  }

  /** Figures of which nothing else but numbers may be. */
  private static Map<String, Double> numbers(Path file, JsonNode root, String name) {
    JsonNode node = root.path(name);
    Map<String, String> others = others(name + " ", node, List.empty());
    if (others.nonEmpty() || (node.isValueNode() && !node.isNull())) {
      throw problem(file, others.mkString(name + ": ", ", ", ""));
    }
    return numbers(node);
  }

  /** What is neither a number nor null, nor a fact about the case. */
  private static Map<String, String> others(String prefix, JsonNode node, Seq<String> facts) {
    Map<String, String> others = LinkedHashMap.empty();
    for (var entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (!facts.contains(entry.getKey()) && !value.isNull() && number(value).isEmpty()) {
        others = others.put(prefix + entry.getKey(), shortened(value) + " is no number");
      }
    }
    return others;
  }

  private static String shortened(JsonNode value) {
    String text = value.toString();
    return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
  }

  /** What is not a number is written as a text: JSON has no numbers for it. */
  private static Option<Double> number(JsonNode node) {
    if (node.isNumber()) {
      return Option.some(node.asDouble());
    }
    return switch (node.isTextual() ? node.asText() : "") {
      case "NaN" -> Option.some(Double.NaN);
      case "Infinity" -> Option.some(Double.POSITIVE_INFINITY);
      case "-Infinity" -> Option.some(Double.NEGATIVE_INFINITY);
      default -> Option.none();
    };
  }

  private static Seq<Double> doubles(Path file, String name, JsonNode list) {
    return Array.ofAll(list)
        .map(
            node ->
                number(node)
                    .getOrElseThrow(
                        () -> problem(file, shortened(node) + " under \"" + name + "\"")));
  }

  private static Seq<Integer> ints(Path file, String name, JsonNode list) {
    return Array.ofAll(list)
        .map(
            node -> {
              if (!node.canConvertToInt() || !node.isIntegralNumber()) {
                throw problem(file, shortened(node) + " under \"" + name + "\"");
              }
              return node.asInt();
            });
  }

  private static RuntimeException problem(Path file, String what) {
    return Problem.of(
            "expected",
            file + ": " + what,
            "expected.json of the conformance schema",
            "such a file")
        .exception();
  }
}
