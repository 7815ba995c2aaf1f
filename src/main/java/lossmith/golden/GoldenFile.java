package lossmith.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Problem;

/** Reads files of the golden schema, version 1. */
public final class GoldenFile {
  private GoldenFile() {}

  /** {@return the cases of a file} */
  public static Seq<GoldenCase> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw problem(file, Files.isDirectory(file) ? "a folder" : "no such file");
    }
    JsonNode root = parse(file);
    if (required(file, root, "schema").asInt() != 1) {
      throw problem(file, "schema " + root.get("schema"));
    }
    String family = required(file, root, "family").asText();
    Seq<GoldenCase> cases =
        List.ofAll(required(file, root, "cases")).map(node -> oneCase(file, family, node));
    int distinct = cases.map(GoldenCase::name).distinct().size();
    if (cases.isEmpty() || distinct != cases.size()) {
      throw problem(file, cases.size() + " cases with " + distinct + " names");
    }
    return cases;
  }

  private static JsonNode parse(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw problem(file, "no JSON: " + first);
    }
  }

  private static GoldenCase oneCase(Path file, String family, JsonNode node) {
    String name = required(file, node, "name").asText();
    JsonNode expected = required(file, node, "expected");
    return new GoldenCase(
        family,
        name,
        required(file, node, "function").asText(),
        new GoldenConfig(required(file, node, "config")),
        arrays(name, required(file, node, "inputs")),
        Option.of(node.get("wrt")).toList().flatMap(List::ofAll).map(JsonNode::asText),
        Option.of(expected.get("loss"))
            .filter(loss -> !loss.isNull())
            .map(loss -> NumberArray.of(name + " loss", loss).get(0)),
        nested(name, expected, "grads"),
        nested(name, expected, "metrics").mapValues(metric -> metric.get(0)),
        nested(name, expected, "outputs"));
  }

  private static Map<String, NumberArray> nested(String name, JsonNode node, String field) {
    return Option.of(node.get(field))
        .map(arrays -> arrays(name, arrays))
        .getOrElse(LinkedHashMap.empty());
  }

  private static Map<String, NumberArray> arrays(String name, JsonNode node) {
    Map<String, NumberArray> arrays = LinkedHashMap.empty();
    for (var entry : node.properties()) {
      String key = entry.getKey();
      if (entry.getValue().isObject()) {
        for (var inner : arrays(name + " " + key, entry.getValue())) {
          arrays = arrays.put(key + "." + inner._1, inner._2);
        }
      } else if (!entry.getValue().isNull()) {
        arrays = arrays.put(key, NumberArray.of(name + " " + key, entry.getValue()));
      }
    }
    return arrays;
  }

  private static JsonNode required(Path file, JsonNode node, String name) {
    if (!node.hasNonNull(name)) {
      throw problem(file, "nothing under \"" + name + "\"");
    }
    return node.get(name);
  }

  private static RuntimeException problem(Path file, String what) {
    return Problem.of(
            "golden",
            file + ": " + what,
            "a file of golden cases, schema 1, each with its own name",
            "such a file")
        .exception();
  }
}
