package lossmith.score;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.probTimes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

/** Whatever a table of scores says, it says of one policy. */
class OnePolicyTest {
  /** log softmax of (2, 1, 0), and its entropy, at temperatures 1/2, 1 and 3/2. */
  private static final double[] COLD = {
    -0.14293162849989915, -2.142931628499899, -4.142931628499899
  };

  private static final double[] WARM = {
    -0.40760596444438013, -1.4076059644443801, -2.40760596444438
  };

  private static final double COLD_ENTROPY = 0.4410574440581631;
  private static final double WARM_ENTROPY = 0.8323955818399389;
  private static final double HOT_ENTROPY = 0.9653315133368723;
  private static final double[] OLD = {-1, -2, -3};

  /** Two responses, three tokens, each entry sampled once; old log-probs of another policy. */
  private static SamplesBuilder builder() {
    return new SamplesBuilder(new int[] {1, 2}, new int[] {0, 0})
        .sampled(new int[] {0, 1, 2})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, OLD);
  }

  private static Samples withLogits() {
    return builder().grid("logits", Grid.of(new double[] {2, 1, 0, 2, 1, 0, 2, 1, 0}, 3)).build();
  }

  private static Samples recorded(double[] logProb, double entropy) {
    return withLogits()
        .with(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
        .with(Columns.ENTROPY, Level.Name.TOKEN, new double[] {entropy, entropy, entropy});
  }

  private static Scorer scorer(Samples samples, Map<String, Double> parameters, double recorded) {
    return new Scorer(samples, parameters, Precision.FLOAT64, "CPU", recorded);
  }

  private static Map<String, Double> at(double temperature) {
    return HashMap.of(Columns.TEMPERATURE, temperature);
  }

  private static List<Problem> refused(
      Samples samples, Map<String, Double> parameters, double recorded) {
    ProblemException e =
        assertThrows(
            ProblemException.class, () -> scorer(samples, parameters, recorded).temperature());
    return List.ofAll(e.problems());
  }

  /** Losses that read a column, another column, and what no column has a name for: Σ π³. */
  @Test
  void whatReadsColumnsAndWhatReadsLogitsIsOfOneTemperature() {
    Loss cubes =
        minimise(
            probTimes(logPi().scaledBy(3), Terms.constant(1, Axis.VOCABULARY_ENTRY))
                .sum(VOCABULARY)
                .mean(ALL_TOKENS));
    Scorer scorer = scorer(recorded(WARM, WARM_ENTROPY), at(0.5), 1);
    double sum = 0;
    for (double x : COLD) {
      sum += Math.exp(3 * x);
    }
    assertEquals(sum, scorer.score("cubes", cubes).loss(), 1e-12);
    Score logProbs = scorer.score("log_prob", minimise(logProb().mean(ALL_TOKENS)));
    assertEquals((COLD[0] + COLD[1] + COLD[2]) / 3, logProbs.loss(), 1e-12);
    assertEquals(COLD_ENTROPY, logProbs.entropy().get(), 1e-12);
    assertEquals(-2 - (COLD[0] + COLD[1] + COLD[2]) / 3, logProbs.kl(), 1e-12);
    Score entropies = scorer.score("entropy", minimise(entropy().mean(ALL_TOKENS)));
    assertEquals(COLD_ENTROPY, entropies.loss(), 1e-12);
    assertArrayEquals(OLD, scorer.first().column(Columns.OLD_LOG_PROB).get());
  }

  @Test
  void withoutATemperatureItIsThatOfTheColumns() {
    Loss loss = minimise(entropy().mean(ALL_TOKENS));
    assertEquals(
        WARM_ENTROPY, scorer(withLogits(), HashMap.empty(), 1).score("H", loss).loss(), 1e-12);
    Scorer cold = scorer(recorded(COLD, COLD_ENTROPY), HashMap.empty(), 0.5);
    assertEquals(0.5, cold.temperature());
    assertEquals(COLD_ENTROPY, cold.score("H", loss).loss(), 1e-12);
    Scorer hot = scorer(recorded(COLD, COLD_ENTROPY), at(1.5), 0.5);
    assertEquals(HOT_ENTROPY, hot.score("H", loss).loss(), 1e-12);
  }

  @Test
  void aColumnThatDisagreesWithTheLogitsIsAnError() {
    List<Problem> one = refused(recorded(COLD, WARM_ENTROPY), HashMap.empty(), 1);
    assertEquals(1, one.size());
    assertTrue(one.head().wrote().contains("log_prob, row 1, entry 1: -0.1429"), one::toString);
    assertTrue(one.head().wrote().contains("2 more tokens"), one::toString);
    assertTrue(one.head().expected().contains("-0.4076"), one::toString);
    double[] last = {WARM[0], WARM[1], WARM[2] + 1e-3};
    List<Problem> both = refused(recorded(last, WARM_ENTROPY - 1e-3), at(0.5), 1);
    assertEquals(2, both.size());
    assertTrue(both.exists(p -> p.wrote().contains("log_prob, row 2, entry 2: ")), both::toString);
    assertTrue(both.exists(p -> p.wrote().contains("entropy, row 1, entry 1: ")), both::toString);
  }

  /** The temperature that is asked for is not that of the columns, and need not agree with them. */
  @Test
  void aColumnIsComparedAtItsOwnTemperature() {
    assertEquals(0.5, scorer(recorded(WARM, WARM_ENTROPY), at(0.5), 1).temperature());
    assertEquals(2, refused(recorded(COLD, COLD_ENTROPY), at(0.5), 1).size());
  }

  @Test
  void roundingIsNoDisagreement() {
    double[] written = {-0.40761, -1.40761, -2.40761};
    assertEquals(1, scorer(recorded(written, 0.8324), HashMap.empty(), 1).temperature());
    double[] narrow = {(float) WARM[0], (float) WARM[1], (float) WARM[2]};
    assertEquals(
        1, scorer(recorded(narrow, (float) WARM_ENTROPY), HashMap.empty(), 1).temperature());
  }

  /** A log-softmax of logits up to 150 in single precision, summed one after another. */
  @Test
  void singlePrecisionIsNoDisagreement() {
    int width = 2000;
    Random random = new Random(3);
    float[] z = new float[width * 3];
    double[] logProb = new double[3];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) (random.nextGaussian() * 40);
    }
    for (int row = 0; row < 3; row++) {
      float most = Float.NEGATIVE_INFINITY;
      for (int v = 0; v < width; v++) {
        most = Math.max(most, z[row * width + v]);
      }
      float sum = 0;
      for (int v = 0; v < width; v++) {
        sum += (float) Math.exp(z[row * width + v] - most);
      }
      logProb[row] = z[row * width + row] - most - (float) Math.log(sum);
    }
    Samples samples =
        builder()
            .grid("logits", Grid.of(z, width))
            .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
            .build();
    assertEquals(1, scorer(samples, HashMap.empty(), 1).temperature());
  }

  @Test
  void withoutLogitsTheTemperatureIsThatOfTheColumns() {
    Samples samples = recorded(COLD, COLD_ENTROPY).without("logits");
    List<Problem> problems = refused(samples, at(0.5), 1);
    assertEquals(1, problems.size());
    assertEquals("temperature", problems.head().code());
    assertTrue(problems.head().expected().contains("1.0"), problems::toString);
    Loss loss = minimise(logProb().mean(ALL_TOKENS));
    double mean = (COLD[0] + COLD[1] + COLD[2]) / 3;
    assertEquals(mean, scorer(samples, at(0.5), 0.5).score("x", loss).loss(), 1e-12);
    assertEquals(mean, scorer(samples, HashMap.empty(), 1).score("x", loss).loss(), 1e-12);
  }

  @Test
  void samplesWithoutAPolicyAreRefused() {
    List<Problem> problems = refused(builder().build(), HashMap.empty(), 1);
    assertTrue(problems.head().wrote().contains("log_prob"), problems::toString);
  }

  @Test
  void aTemperatureIsAPositiveNumber() {
    for (double wrong : new double[] {0, -1, Double.NaN, 1e9}) {
      assertEquals("parameter", refused(withLogits(), at(wrong), 1).head().code());
      assertFalse(refused(withLogits(), HashMap.empty(), wrong).isEmpty());
    }
  }

  /** An entry of probability 0 counts nothing in the entropy; a mean of log π is not finite. */
  @Test
  void maskedEntriesAreNoPolicy() {
    double out = Double.NEGATIVE_INFINITY;
    Samples samples =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .sampled(new int[] {0})
            .grid("logits", Grid.of(new double[] {0, 0, out}, 3))
            .build();
    Scorer scorer = scorer(samples, HashMap.empty(), 1);
    assertEquals(Math.log(2), scorer.first().column(Columns.ENTROPY).get()[0], 1e-15);
    assertFalse(scorer.first().columns().contains(Columns.MEAN_LOG_PI));
    Samples finite = samples.with(Columns.MEAN_LOG_PI, Level.Name.TOKEN, new double[] {-0.7});
    assertTrue(
        refused(finite, HashMap.empty(), 1).head().wrote().contains("column mean_log_pi, row 1"));
  }

  @Test
  void logitsWithoutTheSampledTokenAreRefused() {
    Grid narrow = Grid.of(new double[] {2, 1, 2, 1, 2, 1}, 2);
    Samples bare = builder().build();
    List<Problem> problems = refused(bare.with("logits", narrow), HashMap.empty(), 1);
    assertTrue(problems.head().wrote().contains("row 2, entry 2"), problems::toString);
    double out = Double.NEGATIVE_INFINITY;
    Grid masked = Grid.of(new double[] {2, 1, 0, 2, out, 0, 2, 1, 0}, 3);
    assertTrue(
        refused(bare.with("logits", masked), HashMap.empty(), 1)
            .head()
            .wrote()
            .contains("row 2, entry 1"));
  }

  /** A statistic without a name is read from the logits, whatever column there is. */
  @Test
  void aColumnOfAnUnnamedStatisticIsNotRead() {
    Loss cubes =
        minimise(
            probTimes(logPi().scaledBy(3), Terms.constant(1, Axis.VOCABULARY_ENTRY))
                .sum(VOCABULARY)
                .mean(ALL_TOKENS));
    String name =
        StatisticsSplit.of(cubes, HashSet.of(Columns.OLD_LOG_PROB)).statistics().keySet().head();
    Samples stale = withLogits().with(name, Level.Name.TOKEN, new double[] {9, 9, 9});
    assertEquals(
        scorer(withLogits(), HashMap.empty(), 1).score("cubes", cubes).loss(),
        scorer(stale, HashMap.empty(), 1).score("cubes", cubes).loss());
  }
}
