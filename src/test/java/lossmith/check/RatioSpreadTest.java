package lossmith.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatioSpreadTest {
  @TempDir Path folder = Path.of("");

  /**
   * Linear between order statistics: at 0.95 of 11 numbers, half between the tenth and the next.
   */
  private static double quantile(List<Double> numbers, double share) {
    List<Double> sorted = new ArrayList<>(numbers);
    Collections.sort(sorted);
    double at = share * (sorted.size() - 1);
    int low = (int) Math.floor(at);
    int high = (int) Math.ceil(at);
    return sorted.get(low) * (1 - (at - low)) + sorted.get(high) * (at - low);
  }

  @ParameterizedTest
  @CsvSource({"old_log_prob,0.01,1", "old_log_prob,0.4,2", "log_prob,0.4,3"})
  void theNumbersAreThoseOfLoops(String trained, double noise, int seed) {
    Random random = new Random(seed);
    RowsFile file = new RowsFile();
    List<Double> ratios = new ArrayList<>();
    List<Double> sizes = new ArrayList<>();
    for (int row = 0; row < 7; row++) {
      int[] mask = new int[9];
      double[] ours = new double[9];
      double[] theirs = new double[9];
      for (int t = 0; t < 9; t++) {
        mask[t] = random.nextInt(4) == 0 ? 0 : 1;
        ours[t] = mask[t] == 0 ? 5 : -2 - random.nextDouble();
        theirs[t] = ours[t] + noise * random.nextGaussian();
        if (mask[t] == 1) {
          ratios.add(Math.exp(ours[t] - theirs[t]));
          sizes.add(Math.abs(ours[t] - theirs[t]));
        }
      }
      file.row(
          row,
          "tokens",
          new int[9],
          "response_mask",
          mask,
          trained,
          ours,
          "rollout_log_prob",
          theirs);
    }
    RolloutFinding found = new RatioSpread(true).of(file.read(folder)).single();
    double sum = 0;
    double squares = 0;
    double outside = 0;
    double sizeSum = 0;
    for (int i = 0; i < ratios.size(); i++) {
      sum += ratios.get(i);
      squares += ratios.get(i) * ratios.get(i);
      outside += ratios.get(i) < 0.9 || ratios.get(i) > 1.1 ? 1 : 0;
      sizeSum += sizes.get(i);
    }
    int n = ratios.size();
    number(found, "tokens", n);
    number(found, "ratio_mean", sum / n);
    number(found, "ratio_p50", quantile(ratios, 0.5));
    number(found, "ratio_p95", quantile(ratios, 0.95));
    number(found, "ratio_p99", quantile(ratios, 0.99));
    number(found, "abs_difference_mean", sizeSum / n);
    number(found, "abs_difference_p50", quantile(sizes, 0.5));
    number(found, "abs_difference_p95", quantile(sizes, 0.95));
    number(found, "abs_difference_p99", quantile(sizes, 0.99));
    number(found, "share_outside", outside / n);
    number(found, "effective_sample_size", sum * sum / (n * squares));
    assertEquals(Collections.max(sizes), Math.abs(found.numbers().get("worst_difference").get()));
    assertEquals((long) outside, found.count());
    assertEquals(noise > 0.1 ? Severity.WARNING : Severity.NOTE, found.severity());
    assertEquals(noise > 0.1 ? 1 : 0, new RatioSpread(false).of(file.read(folder)).size());
  }

  private static void number(RolloutFinding found, String name, double expected) {
    assertEquals(expected, found.numbers().get(name).get(), 1e-12 * Math.max(1, expected), name);
  }

  @Test
  void theWorstTokenIsShownAsText() {
    RowsFile file =
        new RowsFile()
            .row(
                1,
                "tokens",
                new int[] {1, 2, 3},
                "token_text",
                List.of("so ", "a\nb", "<eos>"),
                "old_log_prob",
                new double[] {-1, -1, -2},
                "rollout_log_prob",
                new double[] {-1, -1.7, -1.9});
    RolloutFinding found = new RatioSpread(true).of(file.read(folder)).single();
    assertTrue(
        found.sentence().endsWith("row 1, entry 2: 0.7 (\"a\\nb\" after \"so \")"),
        found.sentence());
  }

  @Test
  void withoutTokensAsTextThePlaceInTheResponseIsShown() {
    RowsFile file =
        new RowsFile()
            .row(
                1,
                "tokens",
                new int[4],
                "response",
                "0123456789".repeat(8),
                "old_log_prob",
                new double[] {-1, -1, -2, -1},
                "rollout_log_prob",
                new double[] {-1, -1, -3, -1});
    RolloutFinding found = new RatioSpread(true).of(file.read(folder)).single();
    assertTrue(
        found.sentence().endsWith("row 1, entry 3: 1 (about \"890123456789012345678901\")"),
        found.sentence());
  }

  @Test
  void aRatioThatOverflowsIsToldAsSuch() {
    RowsFile file =
        new RowsFile()
            .row(
                1,
                "tokens",
                new int[2],
                "old_log_prob",
                new double[] {-1, -1},
                "rollout_log_prob",
                new double[] {-1, -801.5});
    RolloutFinding found = new RatioSpread(true).of(file.read(folder)).single();
    assertEquals(Double.POSITIVE_INFINITY, found.numbers().get("ratio_mean").get());
    assertEquals(0.5, found.numbers().get("effective_sample_size").get());
    assertEquals(800.5, found.numbers().get("abs_difference_p50").get() * 2);
  }

  @Test
  void impossibleNumbersAreLeftToTheirOwnFinding() {
    RowsFile file =
        new RowsFile()
            .row(
                1,
                "tokens",
                new int[] {1, 2, 3},
                "old_log_prob",
                new double[] {-1, -1, Double.NaN},
                "rollout_log_prob",
                new double[] {-1, -1e9, -1});
    RolloutFinding found = new RatioSpread(true).of(file.read(folder)).single();
    number(found, "tokens", 1);
    number(found, "ratio_mean", 1);
  }
}
