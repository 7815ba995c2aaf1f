package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.lab.Comparison.Arm;
import lossmith.lab.Comparison.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  /** Student's sleep data (1908): hours that ten patients gained by each of two drugs. */
  private static final double[] FIRST = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

  private static final double[] SECOND = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

  private static Seq<Arm> arms(String recipe, double[] hours) {
    return Vector.range(0, hours.length)
        .map(seed -> new Arm(recipe, seed, HashMap.of("hours", hours[seed])));
  }

  /** The published interval of the paired difference is 0.7001142 to 2.4598858. */
  @Test
  void theIntervalOfPairsIsThePublishedOne() {
    Seq<Effect> effects =
        new Comparison(arms("a", FIRST).appendAll(arms("b", SECOND).reverse())).effects();
    assertEquals(2, effects.size());
    Effect base = effects.get(0);
    assertEquals(0.75, base.mean(), 1e-12);
    assertTrue(base.difference().isEmpty() && base.margin().isEmpty());
    Effect second = effects.get(1);
    assertEquals(10, second.seeds());
    assertEquals(2.33, second.mean(), 1e-12);
    assertEquals(1.58, second.difference().get(), 1e-12);
    assertEquals((2.4598858 - 0.7001142) / 2, second.margin().get(), 1e-7);
  }

  @Test
  void aSeedWithoutItsPairIsLeftOut() {
    Seq<Effect> effects =
        new Comparison(arms("a", new double[] {1, 2}).appendAll(arms("b", new double[] {5})))
            .effects();
    assertEquals(1, effects.get(1).seeds());
    assertEquals(4, effects.get(1).difference().get());
    assertTrue(effects.get(1).margin().isEmpty(), "one seed has no interval");
  }

  @Test
  void aRunComesToItsLastMeasurementAndTheMeansOfItsLastTenth(@TempDir Path folder)
      throws IOException {
    Seq<String> rows =
        Vector.range(0, 21)
            .map(
                step ->
                    "{\"step\":"
                        + step
                        + (step > 0 ? ",\"actor/entropy\":" + step : "")
                        + (step % 8 == 0 ? ",\"val-core/t/pass@1\":" + step : "")
                        + "}");
    Path lines = Files.write(folder.resolve("metrics.jsonl"), rows);
    Arm arm = Arm.read("a", 1, lines);
    assertEquals(
        List.of(19.5, 16.0),
        List.of("actor/entropy", "val-core/t/pass@1").flatMap(name -> arm.numbers().get(name)));
  }
}
