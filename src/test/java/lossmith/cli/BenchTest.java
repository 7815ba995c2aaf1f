package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import lossmith.Main;
import lossmith.recipes.Recipes;
import org.junit.jupiter.api.Test;

/** {@code bench} on work so small that its figures mean nothing; what they are is for a person. */
class BenchTest {
  private static String run(int expected, String... more) {
    var arguments = new ArrayList<String>(List.of("bench"));
    arguments.addAll(List.of(more));
    var out = new StringWriter();
    int exit =
        Main.commandLine(new Objectives(Recipes.all()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(arguments.toArray(String[]::new));
    assertEquals(expected, exit, out.toString());
    return out.toString();
  }

  @Test
  void figuresComeAsJsonWithGoalAndVerdict() throws Exception {
    JsonNode figures =
        new ObjectMapper()
            .readTree(
                run(0, "--rows=8", "--vocabulary=64", "--width=4", "--runs=1", "--json", "gspo"));
    for (JsonNode figure : figures) {
      boolean goal = figure.has("at_least") || figure.has("at_most");
      assertEquals(goal, !figure.get("verdict").asText().equals("-"), figure.toString());
      assertTrue(!figure.get("how").asText().isBlank(), figure.toString());
    }
    assertTrue(figures.findValuesAsText("name").contains("gspo over grpo"), figures.toString());
  }

  @Test
  void wrongSizesAreAllNamed() {
    String out = run(2, "--rows=1", "--runs=0");
    assertTrue(out.contains("--rows 1") && out.contains("--runs 0"), out);
  }

  @Test
  void aPeerThatMeasuresNothingIsNamed() {
    String out = run(2, "--rows=8", "--vocabulary=64", "--runs=1", "--floor", "java -version");
    assertTrue(out.contains("java -version"), out);
    assertTrue(out.contains("median_ms="), out);
  }
}
