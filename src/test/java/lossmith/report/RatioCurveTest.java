package lossmith.report;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The curves of an objective against what papers write of them. */
class RatioCurveTest {
  private static final int STEPS = 80;

  private static Loss named(String name) {
    return Recipes.all().find(recipe -> recipe.name().equals(name)).get().loss(Conventions.paper());
  }

  private static RatioCurve of(String name, int advantage) {
    return RatioCurve.of(named(name), STEPS).get().find(c -> c.advantage() == advantage).get();
  }

  @Test
  void dapoIsTheLesserOfTheRatioAndTheClippedRatio() {
    for (int a : new int[] {1, -1}) {
      for (RatioCurve.Point point : of("dapo", a).points()) {
        double r = point.ratio();
        double clipped = Math.min(1.28, Math.max(0.8, r));
        assertEquals(-Math.min(r * a, clipped * a), point.loss(), 1e-12, "loss at " + r);
        boolean open = r == clipped || r * a < clipped * a;
        assertEquals(open ? -a * r : 0, point.slope(), 1e-12, "slope at " + r);
      }
    }
  }

  @Test
  void cispoNeverStopsATokensGradient() {
    for (RatioCurve.Point point : of("cispo", 1).points()) {
      assertEquals(-Math.min(1.2, Math.max(0.8, point.ratio())), point.slope(), 1e-12);
    }
  }

  @Test
  void whatHasNoSuchCurveIsTold() {
    assertEquals(
        "no term of it is named A, as the advantage is to be: advantage.as(\"A\")",
        RatioCurve.of(maximise(logProb().mean(ALL_TOKENS)), STEPS).getLeft());
    assertEquals(
        "beside the advantage it reads return, value",
        RatioCurve.of(named("ppo-actor-critic"), STEPS).getLeft());
  }

  @Test
  void textShowsBothSigns() {
    String text =
        ChartText.of(CurvePicture.weight("cispo", RatioCurve.of(named("cispo"), STEPS).get()));
    Seq<String> lines = io.vavr.collection.List.ofAll(text.lines().toList());
    assertTrue(lines.get(2).startsWith("     1.20 │"), text);
    assertTrue(lines.get(2).endsWith("----"), text);
    assertTrue(lines.get(14).startsWith("    -1.20 │"), text);
    assertTrue(lines.get(14).endsWith("++++"), text);
  }

  @Test
  void theDrawingIsXml() throws Exception {
    String svg = Chart.svg(CurvePicture.charts("a<b", RatioCurve.of(named("grpo"), STEPS).get()));
    Document read =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    NodeList texts = read.getElementsByTagName("text");
    Seq<String> all =
        io.vavr.collection.List.range(0, texts.getLength())
            .map(at -> texts.item(at).getTextContent());
    assertTrue(
        all.containsAll(
            io.vavr.collection.List.of(
                "a<b: loss of a token", "dL/dlog π", "A = 1", "A = -1", "0", "1", "4")),
        all.toString());
    assertEquals(4, read.getElementsByTagName("path").getLength() - 2, "two axes, four lines");
  }
}
