package lossmith.cli.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.lab.claim.Conclusion;
import lossmith.lab.claim.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a claim is seen, in words. */
class ClaimReportTest {
  private static ClaimReport report(double low, double high) {
    Experiment.Region seen = new Experiment.Region(low, high);
    Experiment experiment =
        new Experiment(
            "name", "statement", "source", List.of("a"), "effect", "curve", runs -> 0, seen, seen);
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
}
