package lossmith.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnrecordedLogProbsTest {
  @TempDir Path folder = Path.of("");

  private Seq<RolloutFinding> of(String one, double[] x, String other, double[] y) {
    return new UnrecordedLogProbs()
        .of(new RowsFile().row(1, "tokens", new int[] {1, 2, 3, 4}, one, x, other, y).read(folder));
  }

  @ParameterizedTest
  @CsvSource({
    "log_prob,old_log_prob",
    "old_log_prob,log_prob",
    "rollout_log_prob,old_log_prob",
    "ref_log_prob,log_prob"
  })
  void aZeroWhereAnotherPolicyDoubtsWasNotRecorded(String one, String other) {
    double[] x = {-0.2, 0, 0, 0};
    double[] y = {-0.3, -0.6, -0.4, -2};
    RolloutFinding found = of(one, x, other, y).single();
    assertEquals("unrecorded-log-prob", found.code());
    assertEquals(Severity.WARNING, found.severity());
    assertEquals(2, found.count());
    assertEquals(new FilePlace(1, Option.some(2)), found.first().get());
  }

  @Test
  void certaintyIsNoMistake() {
    double[] x = {-0.2, 0, 0, -1e-9};
    double[] y = {-0.3, -0.1, 0, -2};
    assertTrue(of("log_prob", x, "old_log_prob", y).isEmpty());
  }

  @Test
  void aColumnOfZerosWasNeverRecorded() {
    double[] y = {-0.3, -0.1, -0.2, -0.3};
    RolloutFinding found = of("rollout_log_prob", new double[4], "old_log_prob", y).single();
    assertEquals(4, found.count());
    assertTrue(found.sentence().contains("never recorded"));
  }
}
