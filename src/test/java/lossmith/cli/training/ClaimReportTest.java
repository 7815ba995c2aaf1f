package lossmith.cli.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.lab.claim.Conclusion;
import lossmith.lab.claim.Experiment;
import lossmith.report.TrainedArm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a claim is seen, in words. */
class ClaimReportTest {
  private static final Experiment.Figure STEPS = new Experiment.Figure("step", List.of("/pass@1"));

  private static ClaimReport report(double low, double high) {
    return report(low, high, STEPS);
  }

  private static ClaimReport report(double low, double high, Experiment.Figure figure) {
    Experiment.Region seen = new Experiment.Region(low, high);
    Experiment experiment =
        new Experiment(
            "name",
            "statement",
            "source",
            List.of("a", "b"),
            "effect",
            figure,
            runs -> 0,
            seen,
            seen);
    return new ClaimReport(
        List.of(new Conclusion(experiment, List.of(-0.5), -0.5, -0.75, -0.25)), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "-0.03, Infinity, > −0.03",
    "-Infinity, 1, < 1",
    "0, 1, 0 to 1",
    "-2.5, 0.1, −2.5 to 0.1"
  })
  void aTextHasNumbersAsTheyArePrinted(double low, double high, String words) {
    String text = report(low, high).markdown();
    assertTrue(text.contains("| −0.5 [−0.75, −0.25] | " + words + " | 1 |"), text);
  }

  @Test
  void aTerminalAndThePageHaveThemToo(@TempDir Path folder) throws Exception {
    ClaimReport report = report(-0.03, Double.POSITIVE_INFINITY);
    assertTrue(report.table().contains("> -0.03 "), report.table());
    report.write(List.empty(), folder);
    String page = Files.readString(folder.resolve(ClaimReport.PAGE));
    assertTrue(page.contains("&gt; −0.03</td>"), "in the table");
    assertTrue(page.contains("seen where > −0.03"), "in the chart");
  }

  private static Map<String, Double> row(double step, String name, double number) {
    return LinkedHashMap.of("step", step, name, number, "actor/entropy", step * step);
  }

  /**
   * b has three seeds, of which one is not a's and another has no step 20: what is drawn are the
   * means of two at 0 and 10.
   */
  private static Seq<TrainedArm> arms() {
    String held = "val-core/t/pass@1";
    return List.of(
        new TrainedArm("a", 1, List.of(row(0, held, 0.5), row(10, held, 0.5), row(20, held, 0.5))),
        new TrainedArm("a", 2, List.of(row(0, held, 0.5), row(10, held, 0.5), row(20, held, 0.5))),
        new TrainedArm("b", 3, List.of(row(0, held, 7), row(10, held, 7))),
        new TrainedArm("b", 1, List.of(row(0, held, 0), row(10, held, 0.25), row(20, held, 9))),
        new TrainedArm("b", 2, List.of(row(0, held, 0), row(10, held, 0.75), row(10, "x", 9))),
        new TrainedArm("c", 1, List.of(row(0, held, 1e9))));
  }

  /** Lines from left to right, the first 388 and the second half as many pixels long. */
  @Test
  void aPictureHasTheMeansOfTheSeeds() {
    String svg = ClaimFigures.svg(report(0, 1).conclusions(), arms());
    assertTrue(svg.contains(">name: "), svg);
    assertTrue(svg.contains(">held-out pass@1<"), svg);
    Matcher lines = Pattern.compile("d=\"M([0-9.]+) ([0-9.]+)L([0-9.]+) ([0-9.]+)\"").matcher(svg);
    assertTrue(lines.find());
    assertEquals(lines.group(2), lines.group(4), "a stays at 0.5");
    double wide = Double.parseDouble(lines.group(3)) - Double.parseDouble(lines.group(1));
    String level = lines.group(2);
    assertTrue(lines.find());
    assertEquals(level, lines.group(4), "the mean of 0.25 and 0.75");
    assertEquals(
        wide / 2, Double.parseDouble(lines.group(3)) - Double.parseDouble(lines.group(1)), 0.11);
    assertFalse(lines.find(), "nothing of a treatment that the claim has not");
  }

  @Test
  void againstAnotherNumberEveryStepIsADot() {
    // Both seeds of b begin in one place.
    Experiment.Figure law = new Experiment.Figure("actor/entropy", List.of("/pass@1"));
    String svg = ClaimFigures.svg(report(0, 1, law).conclusions(), arms());
    assertTrue(svg.contains(">entropy, nats per token<"), svg);
    assertEquals(3 + 4, svg.split("<circle", -1).length - 1, svg);
    assertEquals("", text(ClaimFigures.svg(report(0, 1).conclusions(), List.empty())));
  }

  private static String text(String svg) {
    return svg.replaceAll("(?s)<style>.*?</style>|<[^>]*>", "").strip();
  }
}
