package lossmith.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.blackbox.law.AdvantageProver;
import lossmith.dsl.Columns;
import org.junit.jupiter.api.Test;

/** Advantages as loops in Java, right and wrong, held to the laws: no Python is needed. */
final class AdvantageProverTest {
  /** A of each response of a batch. */
  private interface Loop {
    double of(TensorBatch batch, double[] rewards, int row, boolean single);
  }

  private record Box(Loop loop) implements AdvantageBox {
    @Override
    public String name() {
      return "loop";
    }

    @Override
    public Set<String> columns() {
      return HashSet.of(Columns.REWARD, TensorBatch.GROUP);
    }

    @Override
    public Map<String, Double> parameters() {
      return LinkedHashMap.empty();
    }

    @Override
    public Settings settings() {
      return Settings.NONE;
    }

    @Override
    public Either<String, Given> of(TensorBatch batch, boolean single, Map<String, Setting> moved) {
      double[] rewards = batch.responses().get(Columns.REWARD).get();
      double[] all = new double[batch.size()];
      Arrays.setAll(all, slot -> loop.of(batch, rewards, slot / batch.width(), single));
      return Either.right(new Given(all, true, List.empty()));
    }
  }

  private static int[] group(TensorBatch batch, int row) {
    return IntStream.range(0, batch.rows())
        .filter(other -> batch.group()[other] == batch.group()[row])
        .toArray();
  }

  private static double mean(int[] rows, double[] x) {
    return Arrays.stream(rows).mapToDouble(row -> x[row]).average().orElse(0);
  }

  private static double std(int[] rows, double[] x, int ddof) {
    double mean = mean(rows, x);
    double squares =
        Arrays.stream(rows).mapToDouble(row -> (x[row] - mean) * (x[row] - mean)).sum();
    return rows.length <= ddof ? 0 : Math.sqrt(squares / (rows.length - ddof));
  }

  private static double normalised(TensorBatch batch, double[] r, int row, int ddof, double more) {
    int[] rows = group(batch, row);
    return (r[row] - mean(rows, r)) / (std(rows, r, ddof) + more);
  }

  private static Seq<String> broken(Loop loop) {
    try (AdvantageProver prover = new AdvantageProver(new Box(loop), List.empty())) {
      return prover.prove(8, 1, done -> {}).findings().map(finding -> finding.law().name());
    }
  }

  private static String reads(Loop loop) {
    return List.of(AdvantageProfile.of(new Box(loop)).toString().split("\n", -1)).head();
  }

  private static void assertBroken(String law, Loop loop) {
    Seq<String> broken = broken(loop);
    assertTrue(broken.contains(law), law + " among " + broken);
  }

  @Test
  void rightOnesBreakNothingAndAreNamedWithTheirConventions() {
    Loop grpo = (batch, r, row, single) -> normalised(batch, r, row, 1, 1e-6);
    assertEquals(List.of(), broken(grpo).toList());
    assertEquals(
        "equal to the last digit: group-normalised, std with ddof 1, 1.0E-6 added to the std",
        reads(grpo));
    assertEquals(
        "equal to the last digit: group-normalised, std with ddof 0, 1.0E-4 added to the std",
        reads((batch, r, row, single) -> normalised(batch, r, row, 0, 1e-4)));
    assertEquals(
        "equal to the last digit: group-normalised, std with ddof 1, 1.0E-9 added to the std",
        reads((batch, r, row, single) -> normalised(batch, r, row, 1, 1e-9)));
    assertEquals(
        List.of("group-normalised under trl's conventions"),
        AdvantageProfile.identified(
                new Box((batch, r, row, single) -> normalised(batch, r, row, 1, 1e-4)))
            .part()
            .toList());
    Loop rloo =
        (batch, r, row, single) -> {
          int[] others = Arrays.stream(group(batch, row)).filter(other -> other != row).toArray();
          return others.length == 0 ? 0 : r[row] - mean(others, r);
        };
    assertEquals(List.of(), broken(rloo).toList());
    assertEquals("equal to the last digit: leave-one-out", reads(rloo));
    Loop batch =
        (b, r, row, single) -> {
          int[] all = IntStream.range(0, b.rows()).toArray();
          return std(all, r, 0) == 0 ? 0 : (r[row] - mean(all, r)) / std(all, r, 0);
        };
    assertEquals(List.of(), broken(batch).toList());
    assertTrue(reads(batch).contains("batch-normalised"), reads(batch));
  }

  @Test
  void eachMistakeBreaksItsLaw() {
    Loop alone =
        (batch, r, row, single) ->
            group(batch, row).length == 1 ? r[row] : normalised(batch, r, row, 1, 1e-6);
    assertBroken("zero-mean", alone);
    assertBroken("reward-shift", alone);
    assertTrue(reads(alone).contains("a response that is alone keeps its reward"), reads(alone));
    assertBroken(
        "own-prompt",
        (batch, r, row, single) ->
            group(batch, row).length == 1
                ? r[row] - mean(IntStream.range(0, batch.rows()).toArray(), r)
                : normalised(batch, r, row, 1, 1e-6));
    assertBroken(
        "better-is-no-lower", (batch, r, row, single) -> -normalised(batch, r, row, 1, 1e-6));
    assertBroken(
        "responses-reordered", (batch, r, row, single) -> row * normalised(batch, r, row, 1, 1e-6));
    assertBroken(
        "prompts-renumbered",
        (batch, r, row, single) -> (1 + batch.group()[row]) * normalised(batch, r, row, 1, 1e-6));
    assertBroken("padding", (batch, r, row, single) -> r[row] / batch.width());
    assertBroken("answers", (batch, r, row, single) -> normalised(batch, r, row, 1, 0));
    assertBroken(
        "response-estimate",
        (batch, r, row, single) -> {
          int[] rows = group(batch, row);
          return r[row] - mean(rows, r) * rows.length / Math.max(1, rows.length - 1);
        });
    Loop squares =
        (batch, r, row, single) -> {
          int[] others = Arrays.stream(group(batch, row)).filter(other -> other != row).toArray();
          if (others.length < 2) {
            return 0;
          }
          double m = 0;
          double s = 0;
          for (int other : others) {
            m += single ? (float) r[other] : r[other];
            s += single ? (float) r[other] * (float) r[other] : r[other] * r[other];
          }
          double mean = single ? (float) (m / others.length) : m / others.length;
          double square = single ? (float) (s / others.length) : s / others.length;
          double std = Math.sqrt(Math.max(0, square - mean * mean));
          return (r[row] - mean) / (std > 0 ? std + 1e-6 : 1);
        };
    assertBroken("float32", squares);
    assertBroken("bounded-by-responses", squares);
    int[] calls = {0};
    assertBroken("same-twice", (batch, r, row, single) -> r[row] + 1e-3 * calls[0]++);
  }

  @Test
  void ofOneThatFailsNothingIsPresumed() {
    Box box = new Box((batch, r, row, single) -> Double.NaN);
    try (AdvantageProver prover = new AdvantageProver(box, List.empty())) {
      assertEquals("", prover.prove(4, 1, done -> {}).presumption());
    }
    assertEquals(List.of("answers"), broken((b, r, row, single) -> Double.NaN).toList());
  }
}
