package lossmith.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogitsFitTest {
  private static final int WIDTH = 7;
  private static final int ROWS = 6;
  private static final int LENGTH = 8;

  @TempDir Path folder = Path.of("");

  private final Random random = new Random(11);
  private final double[][] logits = new double[ROWS * LENGTH][WIDTH];
  private final int[] chosen = random.ints(ROWS * LENGTH, 0, WIDTH).toArray();

  LogitsFitTest() {
    for (double[] row : logits) {
      for (int v = 0; v < WIDTH; v++) {
        row[v] = 3 * random.nextGaussian();
      }
    }
  }

  /** log softmax(z / T) of the row of another token of the response; at its ends of its own. */
  private double logProb(int token, int shift, double temperature) {
    int at = token % LENGTH + shift;
    double[] z = logits[token + (at < 0 || at >= LENGTH ? 0 : shift)];
    double sum = 0;
    for (double one : z) {
      sum += Math.exp(one / temperature);
    }
    return z[chosen[token]] / temperature - Math.log(sum);
  }

  private RowsFile file(String column, int shift, double temperature) {
    RowsFile file = new RowsFile();
    for (int row = 0; row < ROWS; row++) {
      int[] ids = new int[LENGTH];
      double[] x = new double[LENGTH];
      for (int t = 0; t < LENGTH; t++) {
        ids[t] = chosen[row * LENGTH + t];
        // As written by a trainer: seven digits.
        double digits = logProb(row * LENGTH + t, shift, temperature);
        x[t] = Double.parseDouble(String.format(java.util.Locale.ROOT, "%.6e", digits));
      }
      file.row(1, "tokens", ids, column, x);
    }
    return file;
  }

  private RolloutFinding found(RowsFile file, double recordedAt) {
    return new LogitsFit(recordedAt).of(file.read(folder, logits)).single();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 1.7})
  void theSamePolicyAgrees(double temperature) {
    RolloutFinding found = found(file("log_prob", 0, temperature), temperature);
    assertEquals("logits-agree", found.code());
    assertEquals(Severity.NOTE, found.severity());
    assertEquals(ROWS * LENGTH, found.numbers().get("tokens").get());
  }

  @ParameterizedTest
  @CsvSource({"-1,1", "1,1", "-1,0.6", "1,1.5"})
  void aShiftIsNamed(int shift, double temperature) {
    RolloutFinding found = found(file("log_prob", shift, temperature), 1);
    assertEquals("logits-shifted", found.code());
    assertEquals(Severity.ERROR, found.severity());
    assertEquals(shift, found.numbers().get("shift").get());
    assertEquals(temperature, found.numbers().get("temperature").get(), 1e-4);
    assertTrue(found.sentence().contains("shifted by one row"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.7, 0.99, 1.2, 2, 10})
  void aTemperatureIsNamed(double temperature) {
    RolloutFinding found = found(file("log_prob", 0, temperature), 1);
    assertEquals("logits-temperature", found.code());
    assertEquals(temperature, found.numbers().get("temperature").get(), 1e-4 * temperature);
    assertTrue(found.sentence().contains("T = " + Counted.number(temperature)), found.sentence());
  }

  @Test
  void anotherPolicyIsNamed() {
    RowsFile file = file("old_log_prob", 0, 1);
    for (int row = 0; row < ROWS; row++) {
      file.put(row, "log_prob", random.doubles(LENGTH, -3, -0.1).toArray());
    }
    assertEquals("logits-of-another-policy", found(file, 1).code());
  }

  @Test
  void otherwiseTheWorstTokenIsTold() {
    RowsFile file = file("log_prob", 0, 1);
    double[] x = new double[LENGTH];
    for (int t = 0; t < LENGTH; t++) {
      x[t] = logProb(3 * LENGTH + t, 0, 1);
    }
    x[2] -= 0.25;
    x[5] -= 0.5;
    RolloutFinding found = found(file.put(3, "log_prob", x), 1);
    assertEquals("logits-disagree", found.code());
    assertEquals(2, found.count());
    assertEquals("row 4, entry 3", found.first().get().toString());
    assertEquals(0.5, found.numbers().get("worst_difference").get(), 1e-12);
    assertTrue(found.sentence().contains("row 4, entry 6"), found.sentence());
    for (int row = 0; row < ROWS; row++) {
      file.put(row, "log_prob", random.doubles(LENGTH, -3, -0.1).toArray());
    }
    assertEquals("logits-disagree", found(file, 1).code());
  }

  /** Of (2, 1, 0) at T = 1/2: -.14293, -2.14293, -4.14293. */
  @Test
  void threeTokensAtHalfTheTemperature() {
    Recorded recorded =
        new RowsFile()
            .row(
                1,
                "tokens",
                new int[] {0, 1, 2},
                "log_prob",
                new double[] {-0.14293, -2.14293, -4.14293})
            .read(folder, new double[][] {{2, 1, 0}, {2, 1, 0}, {2, 1, 0}});
    RolloutFinding found = new LogitsFit(1).of(recorded).single();
    assertEquals("logits-temperature", found.code());
    assertEquals(0.5, found.numbers().get("temperature").get(), 1e-4);
    assertEquals("logits-agree", new LogitsFit(0.5).of(recorded).single().code());
  }
}
