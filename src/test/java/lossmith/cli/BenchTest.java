package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lossmith.Main;
import lossmith.objective.Objectives;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void figuresComeAsJsonWithGoalAndVerdictAndSweepsAsPlots(@TempDir Path folder) throws Exception {
    JsonNode figures =
        new ObjectMapper()
            .readTree(
                run(
                    0,
                    "--rows=8",
                    "--vocabulary=64",
                    "--width=4",
                    "--runs=1",
                    "--json",
                    "--plots",
                    "" + folder,
                    "gspo"));
    for (JsonNode figure : figures) {
      boolean goal = figure.has("at_least") || figure.has("at_most");
      assertEquals(goal, !figure.get("verdict").asText().equals("-"), figure.toString());
      assertTrue(!figure.get("how").asText().isBlank(), figure.toString());
    }
    assertTrue(
        figures.findValuesAsText("name").contains("logits, gspo over grpo"), figures.toString());
    try (Stream<Path> plots = Files.list(folder)) {
      List<Path> all = plots.toList();
      assertEquals(5, all.size(), all::toString);
      for (Path plot : all) {
        assertTrue(Files.readString(plot).contains("<svg"), plot::toString);
      }
    }
  }

  @Test
  void wrongSizesAreAllNamed() {
    String out = run(2, "--rows=1", "--runs=0");
    assertTrue(out.contains("--rows 1") && out.contains("--runs 0"), out);
  }

  @Test
  void aPeerThatMeasuresNothingIsNamed() {
    String out =
        run(2, "--rows=8", "--vocabulary=64", "--runs=1", "--kernel", "java -version", "gspo");
    assertTrue(out.contains("java -version"), out);
    assertTrue(out.contains("median_ms="), out);
    out =
        run(
            2,
            "--rows=8",
            "--vocabulary=64",
            "--runs=1",
            "--torch",
            "no-such-python peers.py",
            "gspo");
    assertTrue(out.contains("no-such-python peers.py logits eager 8 64"), out);
  }

  @Test
  void plotsNeedAFolderBeforeAnythingIsMeasured(@TempDir Path folder) {
    String out = run(2, "--plots", "" + folder.resolve("absent"));
    assertTrue(out.contains("absent") && !out.contains("compile:"), out);
  }
}
