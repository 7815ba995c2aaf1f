package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code score --plot}: dL/dlog π of tokens against their ratio. */
class ScorePlotTest {
  /**
   * r = 2, 1, 0.5 at A = 1/2 and 1, 0.9 at A = -1/2 under the clip [0.8, 1.28], averaged over five
   * tokens: dL/dlog π = -r A / 5, and 0 where the first is clipped.
   */
  private static final double[] RATIOS = {2, 1, 0.5, 1, 0.9};

  private static final double[] WEIGHTS = {0, -0.1, -0.05, 0.1, 0.09};

  @TempDir Path folder = Path.of("");

  private String rollouts() throws Exception {
    String rows =
        """
        {"prompt_id":"a","tokens":[0,1,2],"reward":1,"log_prob":[-1,-1,-2],"old_log_prob":[%s,-1,%s]}
        {"prompt_id":"a","tokens":[1,2],"reward":0,"log_prob":[-1,-1],"old_log_prob":[-1,%s]}
        """
            .formatted(-1 - Math.log(2), -2 - Math.log(0.5), -1 - Math.log(0.9));
    return Files.writeString(folder.resolve("five.jsonl"), rows).toString();
  }

  private static Typed fine(String... args) {
    Typed run = Typed.run(args);
    assertEquals(0, run.exit(), run.err());
    return run;
  }

  private static List<Element> all(Path svg, String name) throws Exception {
    NodeList found =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(svg.toFile())
            .getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static double[] places(Path svg, String axis) throws Exception {
    return all(svg, "circle").stream()
        .mapToDouble(c -> Double.parseDouble(c.getAttribute(axis)))
        .toArray();
  }

  /** Places are linear in the logarithm of the ratio, and in the weight, of the same tokens. */
  @Test
  void eachTokenLiesWhereItsRatioAndItsWeightAre() throws Exception {
    Path svg = folder.resolve("p.svg");
    named(svg);
    double[] across = places(svg, "cx");
    double[] up = places(svg, "cy");
    assertEquals(RATIOS.length, across.length);
    double[] logs = Arrays.stream(RATIOS).map(Math::log).toArray();
    for (int t = 0; t < RATIOS.length; t++) {
      int token = t;
      double x = line(min(across), max(across), min(logs), max(logs), logs[t]);
      double y = line(max(up), min(up), min(WEIGHTS), max(WEIGHTS), WEIGHTS[t]);
      assertTrue(
          IntStream.range(0, across.length)
              .anyMatch(i -> Math.abs(across[i] - x) < 0.2 && Math.abs(up[i] - y) < 0.2),
          () -> "token " + token + " at " + x + ", " + y);
    }
    List<String> texts = all(svg, "text").stream().map(Element::getTextContent).toList();
    assertTrue(texts.contains("named: 5 tokens"), texts::toString);
    assertTrue(texts.contains("beyond the clip [0.8, 1.28]"), texts::toString);
    assertTrue(texts.contains("dL/dlog π (loss per nat)"), texts::toString);
    assertEquals(
        3,
        all(svg, "circle").stream().filter(c -> c.getAttribute("class").contains("plus")).count());
  }

  private Typed named(Path svg) throws Exception {
    return fine("score", rollouts(), "--recipe", recipe(), "--plot", svg.toString());
  }

  /** The surrogate with its terms named, as a Java file. */
  private String recipe() throws Exception {
    String text =
        """
        public final class Named implements Recipe {
          public Card card() {
            return Card.of("named", "clipped", new Source("a", "b", "https://example.org"));
          }

          public Loss loss(Conventions c) {
            var a = reward().minus(reward().mean(SEQUENCES).per(Axis.SEQUENCE)).per(Axis.TOKEN).as("A");
            var r = ratio().as("r");
            Clip clip = Clip.around(parameter("low", 0.2, 0, 1), parameter("high", 0.28, 0, 10));
            return maximise(min(r.weightedBy(a), r.clip(clip).weightedBy(a)).mean(ALL_TOKENS));
          }
        }
        """;
    return Files.writeString(folder.resolve("Named.java"), text).toString();
  }

  private static double line(double from, double to, double low, double high, double number) {
    return from + (number - low) / (high - low) * (to - from);
  }

  private static double min(double[] numbers) {
    return Arrays.stream(numbers).min().orElseThrow();
  }

  private static double max(double[] numbers) {
    return Arrays.stream(numbers).max().orElseThrow();
  }

  @Test
  void aBoundThatIsSetMovesTheShade() throws Exception {
    Typed run = fine("score", rollouts(), "--recipe", recipe(), "--set", "high=0.5", "--plot");
    assertTrue(run.out().contains("beyond the clip [0.8, 1.5]"), run.out());
    assertTrue(run.out().contains("+ A > 0,  - A < 0"), run.out());
    Matcher rows = Pattern.compile("(?m)^.{10}│.*[+]").matcher(run.out());
    assertTrue(rows.find(), run.out());
  }

  @Test
  void manyTokensAreSampledAndTheSampleStays() throws Exception {
    Path one = folder.resolve("one.svg");
    Path two = folder.resolve("two.svg");
    assertEquals(
        0, Typed.withRecipes("score", "@sample", "--recipe", "dapo", "--plot", "" + one).exit());
    assertEquals(
        0,
        Typed.withRecipes("score", "@sample", "--recipe", "dapo,grpo", "--plot", "" + two).exit());
    assertTrue(Files.readString(one).contains("dapo: 2,000 of 11,193 tokens, drawn at random"));
    List<Element> all = all(two, "circle");
    List<Element> dapo = all(one, "circle");
    assertTrue(all.size() > dapo.size(), "two charts");
    for (int i = 0; i < dapo.size(); i++) {
      assertEquals(dapo.get(i).getAttribute("cx"), all.get(i).getAttribute("cx"));
    }
  }

  @Test
  void whatCannotBeDrawnIsRefused() throws Exception {
    String file = rollouts();
    String before = Files.readString(Path.of(file));
    Typed swallowed = Typed.run("score", "--plot", file);
    assertEquals(2, swallowed.exit());
    assertTrue(swallowed.err().contains("a file that ends in .svg"), swallowed.err());
    assertEquals(before, Files.readString(Path.of(file)));
    Typed all = Typed.withRecipes("score", file, "--plot");
    assertEquals(2, all.exit());
    assertTrue(all.err().contains("up to 6 of them, or a file"), all.err());
    Typed none = Typed.withRecipes("score", file, "--recipe", "reinforce", "--plot");
    assertEquals(2, none.exit());
    assertTrue(none.err().contains("a term named r"), none.err());
    assertFalse(none.out().contains("reinforce"), none.out());
    Typed spark = Typed.withRecipes("score", file, "--engine", "spark", "--plot");
    assertEquals(2, spark.exit());
    assertTrue(spark.err().contains("--plot with --engine spark"), spark.err());
  }
}
