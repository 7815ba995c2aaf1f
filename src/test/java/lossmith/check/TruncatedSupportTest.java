package lossmith.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncatedSupportTest {
  @TempDir Path folder = Path.of("");

  private static final int TOKENS = 200;

  private Seq<RolloutFinding> of(double[] old, double[] rollout) {
    return new TruncatedSupport()
        .of(
            new RowsFile()
                .row(
                    1,
                    "tokens",
                    new int[old.length],
                    "old_log_prob",
                    old,
                    "rollout_log_prob",
                    rollout)
                .read(folder));
  }

  /** p = (.5, .3, .15, .05), of which top-2 keeps .8. */
  @Test
  void topTwoOfFour() {
    double[] p = {0.5, 0.3, 0.15, 0.05};
    double[] old = IntStream.range(0, 20).mapToDouble(t -> Math.log(p[t % 2])).toArray();
    double[] rollout = Arrays.stream(old).map(x -> x - Math.log(0.8)).toArray();
    assertEquals(-0.47000, rollout[0], 1e-5);
    RolloutFinding found = of(old, rollout).single();
    assertEquals("truncated-support", found.code());
    assertEquals(0.8, found.numbers().get("kept_mean").get(), 1e-12);
    assertEquals(0.8, found.numbers().get("kept_least").get(), 1e-12);
    assertEquals(20, found.count());
  }

  /** Sampled from what is kept of random distributions, with the noise of another engine. */
  @ParameterizedTest
  @CsvSource({"8,0", "3,0.002", "20,0.002", "0,0", "0,0.002"})
  void topKIsSeenAndWholeSupportIsNot(int k, double noise) {
    Random random = new Random(31L + k);
    double[] old = new double[TOKENS];
    double[] rollout = new double[TOKENS];
    double kept = 0;
    for (int t = 0; t < TOKENS; t++) {
      double[] p = random.doubles(40, 0, 1).map(x -> Math.exp(3 * x)).toArray();
      double sum = Arrays.stream(p).sum();
      double[] sorted = Arrays.stream(p).map(x -> -x / sum).sorted().map(x -> -x).toArray();
      int support = k == 0 ? 40 : k;
      double mass = Arrays.stream(sorted, 0, support).sum();
      double u = random.nextDouble() * mass;
      int y = 0;
      while (y < support - 1 && u > sorted[y]) {
        u -= sorted[y++];
      }
      kept += mass / TOKENS;
      old[t] = Math.log(sorted[y]);
      rollout[t] = Math.log(sorted[y] / mass) + noise * random.nextGaussian();
    }
    Seq<RolloutFinding> found = of(old, rollout);
    assertEquals(k == 0 ? 0 : 1, found.size());
    for (RolloutFinding one : found) {
      assertEquals(kept, one.numbers().get("kept_mean").get(), 0.01);
    }
  }

  /** Both policies have every token; one is the other after some steps. */
  @Test
  void aPolicyThatMovedIsNotTruncated() {
    Random random = new Random(5);
    double[] old = new double[TOKENS];
    double[] rollout = new double[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      double p = 0.1 + 0.8 * random.nextDouble();
      double q = Math.min(0.95, Math.max(0.05, p + 0.1 * random.nextGaussian()));
      boolean first = random.nextDouble() < p;
      rollout[t] = Math.log(first ? p : 1 - p);
      old[t] = Math.log(first ? q : 1 - q);
    }
    assertTrue(of(old, rollout).isEmpty());
    assertTrue(of(rollout, rollout).isEmpty());
  }
}
