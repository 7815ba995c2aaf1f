package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The numbers of the curves, against such as were worked out by hand. */
class TrainingCurvesTest {
  private static final String PASS = "val-core/addition/pass@1";
  private static final String CHANGE = "lossmith/entropy_change";

  /** As tables of Student's t with two degrees of freedom have it. */
  private static final double T_OF_2 = 4.30265;

  private static final double CLOSE = 1e-4;

  /** A run that is measured on held-out prompts at steps 0 and 50 and where it ends. */
  private static TrainedArm arm(String recipe, long seed, int end, double at50, double last) {
    return new TrainedArm(
        recipe,
        seed,
        Vector.rangeClosed(0, end)
            .map(
                step -> {
                  Map<String, Double> row = LinkedHashMap.of("step", (double) step);
                  Map<String, Double> numbers =
                      step == 0
                          ? row
                          : row.put("training/tokens", 100.0 * step * seed)
                              .put(TrainedArm.ENTROPY, (double) seed)
                              .put(CHANGE, -0.5);
                  return step == 0
                      ? numbers.put(PASS, 0.125)
                      : step == 50
                          ? numbers.put(PASS, at50)
                          : step == end ? numbers.put(PASS, last) : numbers;
                }));
  }

  private static JsonNode json(TrainedArm... arms) {
    return new TrainingCurves(List.of(arms)).json();
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(one -> one.isNull() ? Double.NaN : one.asDouble())
        .toArray();
  }

  /** The places of a number's points. */
  private static int[] points(JsonNode curve, String name) {
    double[] all = numbers(curve.get("m").get(name).get("v"));
    return IntStream.range(0, all.length).filter(i -> !Double.isNaN(all[i])).toArray();
  }

  @Test
  void aPointIsOfAllSeedsAndTheLastOneOfTheirEnds() {
    JsonNode curve =
        json(arm("a", 1, 54, 0.2, 0.6), arm("a", 2, 58, 0.3, 0.7), arm("a", 3, 55, 0.4, 0.5))
            .get("recipes")
            .get(0);
    int[] at = points(curve, PASS);
    assertEquals(3, at.length, "steps 0 and 50, and the ends together");
    JsonNode pass = curve.get("m").get(PASS);
    double[] steps = numbers(curve.get("step"));
    assertEquals(0, steps[at[0]]);
    assertEquals(50, steps[at[1]]);
    assertEquals((54 + 58 + 55) / 3.0, steps[at[2]], 1e-2);
    assertEquals(0.3, numbers(pass.get("v"))[at[1]], CLOSE);
    assertEquals(0.6, numbers(pass.get("v"))[at[2]], CLOSE);
    assertEquals((5400 + 2 * 5800 + 3 * 5500) / 3.0, numbers(curve.get("tokens"))[at[2]], 1);
    // The three last numbers are 0.1 apart, so their standard deviation is 0.1.
    assertEquals(0.6 + T_OF_2 * 0.1 / Math.sqrt(3), numbers(pass.get("hi"))[at[2]], CLOSE);
    int[] entropy = points(curve, TrainedArm.ENTROPY);
    assertEquals(54, entropy.length, "a number of each step ends where the first seed does");
    assertEquals(54, steps[entropy[53]]);
  }

  @Test
  void seedsThatEndTogetherHaveNoPointMore() {
    JsonNode curve =
        json(arm("a", 1, 55, 0.2, 0.6), arm("a", 2, 55, 0.3, 0.7)).get("recipes").get(0);
    assertEquals(56, curve.get("step").size());
    assertEquals(3, points(curve, PASS).length);
  }

  @Test
  void differencesAreWithinASeed() {
    JsonNode recipes =
        json(
                arm("a", 1, 54, 0.2, 0.6),
                arm("a", 2, 58, 0.3, 0.1),
                arm("a", 3, 55, 0.4, 0.3),
                arm("b", 4, 53, 0.9, 0.9),
                arm("b", 3, 57, 0.5, 0.5),
                arm("b", 1, 56, 0.3, 0.8),
                arm("b", 2, 52, 0.4, 0.3))
            .get("recipes");
    assertFalse(recipes.get(0).has("difference"), "none to itself");
    JsonNode difference = recipes.get(1).get("difference");
    assertEquals(3, difference.get("seeds").asInt(), "the fourth is of one objective only");
    int[] at = points(difference, PASS);
    assertEquals(3, at.length);
    JsonNode pass = difference.get("m").get(PASS);
    assertEquals(0.1, numbers(pass.get("v"))[at[1]], CLOSE);
    assertEquals(0.1, numbers(pass.get("lo"))[at[1]], CLOSE, "the same in each seed");
    assertEquals(0.1, numbers(pass.get("hi"))[at[1]], CLOSE);
    assertEquals(0.2, numbers(pass.get("v"))[at[2]], CLOSE, "of 0.2, 0.2 and 0.2");
    assertEquals((54 + 56 + 58 + 52 + 55 + 57) / 6.0, numbers(difference.get("step"))[at[2]], 1e-2);
    assertEquals(0, numbers(difference.get("m").get(TrainedArm.ENTROPY).get("v"))[1]);
  }

  @Test
  void intervalsOfWhatIsNeverBelow0AreNot() {
    JsonNode json = json(arm("a", 1, 54, 0, 0), arm("a", 2, 54, 0, 0), arm("a", 3, 54, 0.3, 0.3));
    JsonNode curve = json.get("recipes").get(0);
    JsonNode pass = curve.get("m").get(PASS);
    int last = points(curve, PASS)[2];
    assertEquals(0.1, numbers(pass.get("v"))[last], CLOSE);
    assertEquals(0, numbers(pass.get("lo"))[last], CLOSE);
    assertTrue(numbers(curve.get("m").get(CHANGE).get("lo"))[1] < 0, "a change may be");
    for (JsonNode chart : json.get("charts")) {
      assertEquals(
          !chart.get("keys").get(0).get("name").asText().equals(CHANGE),
          chart.get("positive").asBoolean(),
          chart.get("title").asText());
    }
  }
}
