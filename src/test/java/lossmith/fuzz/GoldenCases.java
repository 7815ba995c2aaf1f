package lossmith.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lossmith.fuzz.FuzzCase.End;
import lossmith.fuzz.FuzzCase.Expected;

/** Draws golden files: cases of the real ones, with something else in them. */
final class GoldenCases {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, JsonNode> FILES = new HashMap<>();
  private static final List<String> NAMES =
      List.of(
          "advantages",
          "kl",
          "liger_grpo",
          "logits",
          "openrlhf",
          "trl_dpo",
          "trl_grpo",
          "value_agg",
          "variants",
          "verl_actor_loss",
          "verl_policy",
          "verl_rollout_correction");

  private GoldenCases() {}

  private static JsonNode file(String name) throws IOException {
    JsonNode known = FILES.get(name);
    if (known == null) {
      try (InputStream in =
          Objects.requireNonNull(
              GoldenCases.class.getResourceAsStream("/golden/" + name + ".json"))) {
        known = MAPPER.readTree(in);
      }
      FILES.put(name, known);
    }
    return known;
  }

  static FuzzCase conform(Draw draw, Path folder) throws IOException {
    String name = draw.of(NAMES);
    JsonNode source = file(name);
    ObjectNode root = MAPPER.createObjectNode();
    root.put("schema", 1).put("family", source.path("family").asText());
    JsonNode one = source.path("cases").get(draw.below(source.path("cases").size())).deepCopy();
    root.putArray("cases").add(one);
    Expected expected = Expected.of(End.DONE, "as it is");
    String told = "as it is";
    switch (draw.below(5)) {
      case 0 -> {}
      case 1 -> {
        told = "expected";
        if (shifted(draw, one.path("expected"))) {
          expected = Expected.of(End.NOT_DONE, "another number expected");
        }
      }
      case 2 -> {
        told = "reshaped";
        expected = Expected.ANY;
        ObjectNode inputs = (ObjectNode) one.path("inputs");
        List<String> names = new ArrayList<>();
        inputs.fieldNames().forEachRemaining(names::add);
        String input = draw.of(names);
        inputs.set(input, reshaped(draw, inputs.path(input)));
      }
      default -> {
        told = "mutated";
        expected = Expected.ANY;
        List<JsonNode> inner = new ArrayList<>();
        collect(root, inner);
        for (int i = 0; i < draw.between(1, 2); i++) {
          mutate(draw, draw.of(inner));
        }
      }
    }
    byte[] bytes = MAPPER.writeValueAsBytes(root);
    if (draw.oneIn(12)) {
      bytes = draw.of(List.of(ByteMutation.values())).apply(bytes, draw);
      told = "bytes";
      expected = Expected.ANY;
    }
    Path golden = Files.write(folder.resolve("golden.json"), bytes);
    Path json = folder.resolve("out.json");
    List<String> args =
        new ArrayList<>(List.of("conform", golden.toString(), "--json", json.toString()));
    if (draw.oneIn(6)) {
      args.addAll(List.of("--surface", draw.of("rows", "hidden")));
    }
    return new FuzzCase("conform " + name + " " + told, args, List.of(json), expected);
  }

  /** Another number somewhere in what is expected; whether there was one. */
  private static boolean shifted(Draw draw, JsonNode expected) {
    List<JsonNode> inner = new ArrayList<>();
    collect(expected, inner);
    for (JsonNode node : draw.shuffled(inner)) {
      if (node instanceof ArrayNode list && !list.isEmpty() && list.get(0).isNumber()) {
        int at = draw.below(list.size());
        list.set(at, DoubleNode.valueOf(list.get(at).asDouble() * 1.5 + 1));
        return list.get(at).isNumber();
      }
      if (node instanceof ObjectNode object && object.path("loss").isNumber()) {
        object.put("loss", object.path("loss").asDouble() * 1.5 + 1);
        return true;
      }
    }
    return false;
  }

  /** Another array in its place: other numbers, or fewer, or of another rank. */
  private static JsonNode reshaped(Draw draw, JsonNode input) {
    return switch (draw.below(6)) {
      case 0 -> filled(input, draw.of(List.of(-1.0, 0.0, 0.5, 999.0, 1e300)));
      case 1 -> shorter(input, draw.below(3));
      case 2 -> MAPPER.createArrayNode().add(input);
      case 3 -> input.path(0).isMissingNode() ? DoubleNode.valueOf(1) : input.path(0);
      case 4 -> MAPPER.createArrayNode();
      default -> DoubleNode.valueOf(1);
    };
  }

  private static JsonNode filled(JsonNode node, double number) {
    if (!node.isArray()) {
      return node.isNumber() ? DoubleNode.valueOf(number) : node;
    }
    ArrayNode all = MAPPER.createArrayNode();
    node.forEach(entry -> all.add(filled(entry, number)));
    return all;
  }

  /** One entry fewer in a dimension. */
  private static JsonNode shorter(JsonNode node, int dimension) {
    if (!node.isArray() || node.isEmpty()) {
      return node;
    }
    ArrayNode all = MAPPER.createArrayNode();
    for (int i = 0; i < node.size() - (dimension == 0 ? 1 : 0); i++) {
      all.add(shorter(node.get(i), dimension - 1));
    }
    return all;
  }

  private static void collect(JsonNode node, List<JsonNode> inner) {
    if (node.isContainerNode()) {
      inner.add(node);
      node.forEach(child -> collect(child, inner));
    }
  }

  private static void mutate(Draw draw, JsonNode node) throws IOException {
    JsonNode other =
        MAPPER.readTree(
            draw.of(
                "null",
                "true",
                "0",
                "-1",
                "1e308",
                "0.5",
                "2147483648",
                "\"NaN\"",
                "\"Infinity\"",
                "\"text\"",
                "[]",
                "[[]]",
                "{}",
                "[1,2]",
                "[[1,2],[3]]",
                "{\"a\":1}",
                "{\"a\":{}}"));
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = draw.of(names);
      switch (draw.below(3)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(name + draw.of("s", "_", "2"), object.remove(name));
        default -> object.set(name, other);
      }
    } else if (node instanceof ArrayNode list && !list.isEmpty()) {
      int at = draw.below(list.size());
      switch (draw.below(4)) {
        case 0 -> list.remove(at);
        case 1 -> list.add(list.get(at));
        case 2 -> list.set(at, MAPPER.createArrayNode().add(list.get(at)));
        default -> list.set(at, other);
      }
    }
  }
}
