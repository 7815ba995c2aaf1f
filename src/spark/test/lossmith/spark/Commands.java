package lossmith.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.List;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import lossmith.Main;
import lossmith.objective.Objectives;
import lossmith.recipes.catalogue.Recipes;

/**
 * A command that was run.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err what it said of errors
 */
record Commands(int exit, String out, String err) {
  /** Sums are added in another order. */
  private static final double ROUNDING = 1e-12;

  static Commands run(Iterable<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Main.commandLine(new Objectives(Recipes.all()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(List.ofAll(args).toJavaArray(String[]::new));
    return new Commands(exit, out.toString(), err.toString());
  }

  /** {@return what {@code score} writes as JSON} */
  static JsonNode scores(Path folder, List<String> args) throws IOException {
    Path json = folder.resolve("scores.json");
    Commands run = run(args.prepend("score").append("--json").append(json.toString()));
    assertEquals(0, run.exit(), run.err());
    return new ObjectMapper().readTree(json.toFile());
  }

  /** Fails unless all texts are the same, and all numbers but for the order of sums. */
  static void same(String where, JsonNode expected, JsonNode found) {
    if (expected.isNumber() && found.isNumber()) {
      double x = expected.asDouble();
      assertEquals(x, found.asDouble(), ROUNDING * Math.max(1, Math.abs(x)), where);
      return;
    }
    if (!expected.isContainerNode()) {
      assertEquals(expected, found, where);
      return;
    }
    assertEquals(expected.size(), found.size(), where);
    if (expected.isArray()) {
      for (int i = 0; i < expected.size(); i++) {
        String name = expected.get(i).path("recipe").asText(String.valueOf(i));
        same(where + " " + name, expected.get(i), found.get(i));
      }
      return;
    }
    expected
        .properties()
        .forEach(
            field ->
                same(where + " " + field.getKey(), field.getValue(), found.path(field.getKey())));
  }
}
