package lossmith.conform.golden;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/** Reads files of the golden schema, version 1. */
public final class GoldenFile {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private static final Set<String> COMPARED =
      LinkedHashSet.of("loss", "grads", "metrics", "outputs");

  private GoldenFile() {}

  /** {@return the cases of all files; the problems of all files and cases are reported together} */
  public static Seq<GoldenCase> read(Seq<Path> files) {
    return each(files, GoldenFile::read).flatMap(cases -> cases);
  }

  /** {@return the cases of a file; the problems of all cases are reported together} */
  public static Seq<GoldenCase> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw problem(file, Files.isDirectory(file) ? "a folder" : "no such file");
    }
    JsonNode root = parse(file);
    if (required(file, root, "schema").asInt() != 1) {
      throw problem(file, "schema " + root.get("schema"));
    }
    String family = required(file, root, "family").asText();
    JsonNode list = required(file, root, "cases");
    if (!list.isArray() || list.isEmpty()) {
      throw problem(file, list.isArray() ? "no cases" : "cases that are no list");
    }
    int count = root.path("count").asInt(list.size());
    if (count != list.size()) {
      throw problem(file, list.size() + " cases, count " + count);
    }
    Seq<GoldenCase> cases =
        each(List.range(0, count), i -> oneCase(file + ": case " + i, family, list.get(i)));
    Seq<String> twice =
        cases.groupBy(GoldenCase::name).filterValues(same -> same.size() > 1).keySet().toList();
    if (twice.nonEmpty()) {
      throw problem(file, twice.mkString(", ") + " more than once");
    }
    return cases;
  }

  private static <A, B> Seq<B> each(Seq<A> given, Function<A, B> read) {
    Seq<Problem> problems = Vector.empty();
    Seq<B> found = Vector.empty();
    for (A one : given) {
      try {
        found = found.append(read.apply(one));
      } catch (ProblemException e) {
        problems = problems.appendAll(e.problems());
      }
    }
    Problem.throwAll(problems);
    return found;
  }

  private static JsonNode parse(Path file) {
    try (JsonParser parser = MAPPER.createParser(file.toFile())) {
      JsonNode root = MAPPER.readTree(parser);
      if (root == null || parser.nextToken() != null) {
        throw problem(file, root == null ? "nothing" : "more behind the first object");
      }
      return root;
    } catch (IOException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw problem(file, "no JSON: " + first);
    }
  }

  private static GoldenCase oneCase(String place, String family, JsonNode node) {
    String name = required(place, node, "name").asText();
    String where = place + ", " + name;
    JsonNode expected = object(where, node, "expected");
    Set<String> others =
        LinkedHashSet.ofAll(expected.properties())
            .map(java.util.Map.Entry::getKey)
            .removeAll(COMPARED);
    if (others.nonEmpty()) {
      throw problem(where, others.mkString(", ") + " expected, which nothing is compared with");
    }
    Map<String, NumberArray> gradients = nested(where, expected, "grads");
    GoldenCase one =
        new GoldenCase(
            family,
            name,
            required(where, node, "function").asText(),
            new GoldenConfig(object(where, node, "config")),
            arrays(where, object(where, node, "inputs")),
            Option.of(expected.get("loss"))
                .filter(loss -> !loss.isNull())
                .map(loss -> number(where + " loss", NumberArray.of(where + " loss", loss))),
            gradients,
            nested(where, expected, "metrics")
                .map((metric, x) -> Tuple.of(metric, number(where + " " + metric, x))),
            nested(where, expected, "outputs"));
    if (one.loss().isEmpty()
        && gradients.isEmpty()
        && one.metrics().isEmpty()
        && one.outputs().isEmpty()) {
      throw problem(where, "nothing expected");
    }
    Set<String> trained = LinkedHashSet.ofAll(node.path("wrt")).map(JsonNode::asText);
    if (trained.nonEmpty() && !trained.equals(gradients.keySet())) {
      throw problem(
          where,
          "wrt " + trained.mkString(", ") + ", grads of " + gradients.keySet().mkString(", "));
    }
    return one;
  }

  private static double number(String name, NumberArray array) {
    if (array.rank() != 0) {
      throw Problem.of("number", name + " of shape " + array.shape(), "one number", "a number")
          .exception();
    }
    return array.get(0);
  }

  private static Map<String, NumberArray> nested(String where, JsonNode node, String field) {
    if (!node.hasNonNull(field)) {
      return LinkedHashMap.empty();
    }
    JsonNode given = object(where, node, field);
    for (var entry : given.properties()) {
      if (entry.getValue().isObject() && entry.getValue().isEmpty()) {
        throw problem(where, "nothing under \"" + field + "." + entry.getKey() + "\"");
      }
    }
    return arrays(where, given);
  }

  private static Map<String, NumberArray> arrays(String where, JsonNode node) {
    Map<String, NumberArray> arrays = LinkedHashMap.empty();
    for (var entry : node.properties()) {
      String key = entry.getKey();
      if (entry.getValue().isObject()) {
        for (var inner : arrays(where + " " + key, entry.getValue())) {
          arrays = arrays.put(key + "." + inner._1, inner._2);
        }
      } else if (!entry.getValue().isNull()) {
        arrays = arrays.put(key, NumberArray.of(where + " " + key, entry.getValue()));
      }
    }
    return arrays;
  }

  private static JsonNode object(String where, JsonNode node, String name) {
    JsonNode value = required(where, node, name);
    if (!value.isObject()) {
      throw problem(where, "\"" + name + "\" that is no object");
    }
    return value;
  }

  private static JsonNode required(Object where, JsonNode node, String name) {
    if (!node.hasNonNull(name)) {
      throw problem(where, "nothing under \"" + name + "\"");
    }
    return node.get(name);
  }

  private static RuntimeException problem(Object where, String what) {
    return Problem.of(
            "golden",
            where + ": " + what,
            "a file of golden cases, schema 1, each with its own name and something to compare",
            "such a file")
        .exception();
  }
}
