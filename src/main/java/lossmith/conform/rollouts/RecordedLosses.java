package lossmith.conform.rollouts;

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

  /**
   * One loss under one configuration.
   *
   * @param name what it is called in the table
   * @param lossName the peer's name of the loss
   * @param config the peer's configuration
   * @param numbers loss and metrics; null ones are not here
   * @param gradient figures of the gradient
   * @param first20 the gradient at the first tokens
   * @param probe the gradient at the probed tokens
   * @param selected the tokens that the peer picked
   */
  record Case(
      String name,
      String lossName,
      Map<String, Object> config,
      Map<String, Double> numbers,
      Map<String, Double> gradient,
      Seq<Double> first20,
      Seq<Double> probe,
      Option<Seq<Integer>> selected) {}

  static RecordedLosses read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw problem(file, "no such file");
    }
    try {
      JsonNode root = new ObjectMapper().readTree(file.toFile());
      Seq<Case> cases = List.ofAll(required(file, root, "cases")).map(node -> oneCase(file, node));
      return new RecordedLosses(
          ints(required(file, root, "probe_index")),
          doubles(required(file, required(file, root, "grpo"), "advantages")),
          cases,
          doubles(required(file, root, "grpo").path("advantages_without_std")),
          numbers(root.path("rollout_is_token_weights")),
          numbers(root.path("kl_to_ref_masked_mean")));
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
        numbers(gradient),
        doubles(required(file, gradient, "first20")),
        doubles(required(file, gradient, "probe")),
        Option.of(node.get("selected")).filter(list -> !list.isNull()).map(RecordedLosses::ints));
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
      if (entry.getValue().isNumber()) {
        numbers = numbers.put(entry.getKey(), entry.getValue().asDouble());
      }
    }
    return numbers;
  }

  private static Seq<Double> doubles(JsonNode list) {
    return Array.ofAll(list).map(JsonNode::asDouble);
  }

  private static Seq<Integer> ints(JsonNode list) {
    return Array.ofAll(list).map(JsonNode::asInt);
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
