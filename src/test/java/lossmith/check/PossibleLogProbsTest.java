package lossmith.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PossibleLogProbsTest {
  @TempDir Path folder = Path.of("");

  private static double[] some(int seed, int count) {
    return new Random(seed).doubles(count, -6, -1e-6).toArray();
  }

  private static final int[] FIVE = {0, 1, 2, 3, 4};

  private Seq<RolloutFinding> with(String column, double... numbers) {
    Recorded recorded =
        new RowsFile()
            .row(1, "tokens", FIVE, column, some(1, 5))
            .row(1, "tokens", FIVE, column, numbers)
            .read(folder);
    return new PossibleLogProbs().of(recorded);
  }

  @Test
  void logProbsOfAPolicyAreFine() {
    assertEquals(List.of(), RowsFile.alarms(with("log_prob", some(2, 5))));
    assertTrue(with("log_prob", 0, -0.0, -31.7, -1e-12, -99.5).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"log_prob", "old_log_prob", "ref_log_prob", "rollout_log_prob"})
  void noLogProbIsAboveZero(String column) {
    RolloutFinding found = with(column, -1, -2, 0.25, -1, 3).single();
    assertEquals("positive-log-prob", found.code());
    assertEquals(Severity.ERROR, found.severity());
    assertEquals(2, found.count());
    assertEquals(Option.some(new FilePlace(2, Option.some(3))), found.first());
    assertEquals(3.0, found.numbers().get("largest").get());
    assertTrue(found.sentence().startsWith(column + " is above 0 at 2 tokens, up to 3"));
  }

  @Test
  void aRoundingAboveZeroIsNoError() {
    RolloutFinding found = with("log_prob", -1, 1e-7, -1, -1, -1).single();
    assertEquals("rounded-log-prob", found.code());
    assertEquals(Severity.NOTE, found.severity());
  }

  @ParameterizedTest
  @CsvSource({"-1e9,2", "-9999,1", "-1e10,4", "-100,1", "-3.4028234663852886e38,3", "1,2"})
  void marksAreNoLogProbs(double mark, int count) {
    double[] numbers = some(3, 5);
    for (int i = 0; i < count; i++) {
      numbers[4 - i] = mark;
    }
    RolloutFinding found = RowsFile.named(with("old_log_prob", numbers), "sentinel").single();
    assertEquals(Severity.ERROR, found.severity());
    assertEquals(count, found.count());
    assertEquals(mark, found.numbers().get("value").get());
    assertEquals(new FilePlace(2, Option.some(6 - count)), found.first().get());
  }

  @Test
  void whatIsMaskedIsNotLookedAt() {
    Recorded recorded =
        new RowsFile()
            .row(
                1,
                "tokens",
                FIVE,
                "log_prob",
                new double[] {-1, 1, -1e9, Double.NaN, Double.NEGATIVE_INFINITY},
                "response_mask",
                new int[] {1, 0, 0, 0, 0})
            .read(folder);
    assertTrue(new PossibleLogProbs().of(recorded).isEmpty());
    Recorded behind =
        new RowsFile()
            .row(
                1,
                "tokens",
                FIVE,
                "log_prob",
                new double[] {-1, 9, 9, 0.5, -1},
                "response_mask",
                new int[] {1, 0, 0, 1, 1})
            .read(folder);
    RolloutFinding found = new PossibleLogProbs().of(behind).single();
    assertEquals(new FilePlace(1, Option.some(4)), found.first().get());
    assertEquals(1, found.count());
  }

  @Test
  void infiniteAndMissingOnesAreTold() {
    double[] numbers = {-1, Double.NEGATIVE_INFINITY, Double.NaN, -1, Double.NaN};
    Seq<RolloutFinding> found = with("log_prob", numbers);
    assertEquals(1, RowsFile.named(found, "infinite-log-prob").single().count());
    RolloutFinding missing = RowsFile.named(found, "missing-log-prob").single();
    assertEquals(2, missing.count());
    assertEquals(new FilePlace(2, Option.some(3)), missing.first().get());
    Recorded withNull =
        new RowsFile()
            .row(1, "tokens", FIVE, "log_prob", Arrays.asList(-1.0, null, -1.0, -2.0, -1.0))
            .read(folder);
    assertEquals("missing-log-prob", new PossibleLogProbs().of(withNull).single().code());
  }

  @Test
  void aFloorIsTold() {
    double floor = Math.log(1e-8);
    RolloutFinding found = with("log_prob", floor, -1, floor, floor, -2).single();
    assertEquals("log-prob-floor", found.code());
    assertEquals(3, found.count());
    assertEquals(floor, found.numbers().get("floor").get());
    assertTrue(with("log_prob", floor, -1, floor, floor - 1, -2).isEmpty());
    RowsFile same = new RowsFile();
    for (int i = 0; i < 8; i++) {
      same.row(1, "tokens", FIVE, "log_prob", new double[] {-1, -2, floor, -1, -2});
    }
    assertTrue(new PossibleLogProbs().of(same.read(folder)).isEmpty());
  }
}
