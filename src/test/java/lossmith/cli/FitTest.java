package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FitTest {
  /** Anscombe, "Graphs in Statistical Analysis" (1973), the first of the four sets. */
  private static final double[] X = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};

  private static final double[] Y = {
    8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68
  };

  /** The 0.975 quantile of Student's t with 9 degrees of freedom, from tables. */
  private static final double T = 2.262157;

  @TempDir Path folder = Path.of("");

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("points.csv"), text);
  }

  private Path anscombe() throws Exception {
    StringBuilder text = new StringBuilder("step,entropy,reward\n");
    for (int i = 0; i < X.length; i++) {
      text.append(i).append(',').append(Math.log(X[i])).append(',').append(Y[i]).append('\n');
    }
    return file(text.toString());
  }

  /** Slope 0.5000909 ± 0.1179055, intercept 3.0000909 ± 1.1247468, R² 0.6665425: as published. */
  @Test
  void theFitIsThePublishedOne() throws Exception {
    Path json = folder.resolve("fit.json");
    Typed run = Typed.run("fit", anscombe().toString(), "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    JsonNode fit = new ObjectMapper().readTree(json.toFile());
    assertEstimate(fit.get("a"), -0.5000909, 0.1179055);
    assertEstimate(fit.get("b"), 3.0000909, 1.1247468);
    assertEquals(0.6665425, fit.get("r_squared").asDouble(), 1e-7);
    assertEquals(11, fit.get("pairs").asInt());
    assertTrue(run.out().contains("0.66654"), run.out());
  }

  @Test
  void theFitIsDrawnWithItsPoints() throws Exception {
    Path svg = folder.resolve("fit.svg");
    Typed run = Typed.run("fit", anscombe().toString(), "--plot", svg.toString());
    assertEquals(0, run.exit(), run.err());
    String drawn = Files.readString(svg);
    assertEquals(X.length, drawn.split("<circle ", -1).length - 1, drawn);
    assertTrue(drawn.contains(">entropy H, nats</text>"), drawn);
    Typed onto = Typed.run("fit", anscombe().toString(), "--plot", anscombe().toString());
    assertEquals(2, onto.exit(), onto.err());
  }

  private static void assertEstimate(JsonNode got, double value, double error) {
    assertEquals(value, got.get("value").asDouble(), 1e-7);
    assertEquals(value - T * error, got.get("low").asDouble(), 1e-6);
    assertEquals(value + T * error, got.get("high").asDouble(), 1e-6);
  }

  @Test
  void equalRewardsHaveNoRSquared() throws Exception {
    Typed run = Typed.run("fit", file("entropy,reward\n0.1,1\n0.2,1\n0.3,1\n").toString());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("all rewards are equal"), run.out());
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("entropy,score\n1,2\n", 1, List.of("no column reward", "score")),
        Arguments.of("a,b\n1,2\n", 2, List.of("entropy", "reward")),
        Arguments.of("entropy,reward\n1,2\n2,3\n", 1, List.of("2 pairs", "at least three")),
        Arguments.of("entropy,reward\n1,2\n1,3\n1,4\n", 1, List.of("1.0 in every pair")),
        Arguments.of(
            "entropy,reward\n-1,2\n1,nan\n1,inf\n",
            2,
            List.of("row 1: -1", "row 2: nan (and 1 more rows)")),
        Arguments.of(
            "entropy,reward\n800,2\n1,3\n2,4\n", 1, List.of("row 1: 800", "from 0 to 709")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void mistakesAreTold(String text, int lines, List<String> words) throws Exception {
    Path json = folder.resolve("fit.json");
    Typed run = Typed.run("fit", file(text).toString(), "--json", json.toString());
    assertEquals(2, run.exit(), run.err());
    assertEquals(lines, run.err().lines().count(), run.err());
    words.forEach(word -> assertTrue(run.err().contains(word), run.err()));
    assertEquals("", run.out());
    assertFalse(Files.exists(json));
  }

  @Test
  void aListIsNoPoint() throws Exception {
    String row = "{\"entropy\":[0.1,0.2],\"reward\":1}\n";
    Path rollouts = Files.writeString(folder.resolve("r.jsonl"), row.repeat(3));
    Typed run = Typed.run("fit", rollouts.toString());
    assertEquals(2, run.exit(), run.err());
    assertTrue(run.err().contains("column entropy, row 1: a list of 2"), run.err());
  }

  @Test
  void confidenceIsAShare() throws Exception {
    Typed run = Typed.run("fit", anscombe().toString(), "--confidence", "95");
    assertEquals(2, run.exit(), run.err());
    assertTrue(run.err().contains("(0, 1)"), run.err());
  }
}
