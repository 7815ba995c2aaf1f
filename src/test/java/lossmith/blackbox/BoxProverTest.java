package lossmith.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.blackbox.law.BoxProver;
import lossmith.dsl.Columns;
import lossmith.proofs.Proof;
import org.junit.jupiter.api.Test;

/** Losses as loops in Java, right and wrong, held to the laws: no Python is needed. */
final class BoxProverTest {
  private static final Set<String> COLUMNS =
      HashSet.of(Columns.LOG_PROB, Columns.OLD_LOG_PROB, TensorBatch.ADVANTAGE);

  /** What a loss gives for a batch. */
  private interface Loop {
    Answer of(TensorBatch batch);
  }

  private record Box(Set<String> columns, boolean knowsWhole, Loop loop) implements BlackBox {
    @Override
    public String name() {
      return "loop";
    }

    @Override
    public Map<String, Double> parameters() {
      return LinkedHashMap.empty();
    }

    @Override
    public Answer of(TensorBatch batch, Set<String> trained, boolean single) {
      return loop.of(batch);
    }
  }

  /** What a token adds: its value and its slope by log π. */
  private interface Token {
    double[] of(double logProb, double old, double advantage);
  }

  private static double[] clipped(double logProb, double old, double a) {
    double r = Math.exp(Math.max(-20, Math.min(20, logProb - old)));
    double bounded = Math.max(0.8, Math.min(1.2, r)) * a;
    return r * a <= bounded ? new double[] {-r * a, -r * a} : new double[] {-bounded, 0};
  }

  /** A sum over slots, divided by something. */
  private static Answer sum(TensorBatch batch, boolean masked, double by, Token token) {
    double loss = 0;
    double[] slopes = new double[batch.size()];
    for (int slot = 0; slot < batch.size(); slot++) {
      if (!masked || batch.mask()[slot] == 1) {
        double[] one =
            token.of(
                batch.slots(Columns.LOG_PROB)[slot],
                batch.slots(Columns.OLD_LOG_PROB)[slot],
                batch.slots(TensorBatch.ADVANTAGE)[slot]);
        loss += one[0] / by;
        slopes[slot] = one[1] / by;
      }
    }
    return new Answer.Numbers(
        loss,
        LinkedHashMap.of(Columns.LOG_PROB, slopes),
        LinkedHashMap.empty(),
        List.empty(),
        true);
  }

  private static Seq<String> broken(boolean whole, Loop loop) {
    try (BoxProver prover = new BoxProver(new Box(COLUMNS, whole, loop), List.empty())) {
      return prover.prove(10, 1, done -> {}).findings().map(finding -> finding.law().name());
    }
  }

  @Test
  void aRightLossBreaksNothing() {
    assertEquals(
        List.empty(),
        broken(true, b -> sum(b, true, b.wholeTokens(), BoxProverTest::clipped)).toList());
  }

  @Test
  void ofOneThatAlwaysFailsNothingIsPresumed() {
    assertNothingSeen("answers", b -> new Answer.Failure("no"));
    assertNothingSeen("finite", b -> sum(b, true, Double.NaN, BoxProverTest::clipped));
  }

  private static void assertNothingSeen(String broken, Loop loop) {
    try (BoxProver prover = new BoxProver(new Box(COLUMNS, false, loop), List.empty())) {
      Proof proof = prover.prove(5, 1, done -> {});
      assertEquals(List.of(broken), proof.findings().map(f -> f.law().name()).toList());
      assertEquals("", proof.presumption());
    }
  }

  /** float32 inside: a law that holds is not broken by its rounding. */
  @Test
  void oneThatRoundsInsideIsHeldToWhatFloat32Can() {
    Loop single =
        b ->
            sum(
                b,
                true,
                b.wholeTokens(),
                (lp, old, a) ->
                    new double[] {(float) clipped(lp, old, a)[0], (float) clipped(lp, old, a)[1]});
    assertEquals(List.empty(), broken(true, single).toList());
    try (BoxProver prover = new BoxProver(new Box(COLUMNS, true, single), List.empty())) {
      assertTrue(prover.seen().words().containsKey("the precision"));
    }
  }

  @Test
  void eachMistakeBreaksItsLaw() {
    assertBroken("padding", false, b -> sum(b, true, b.size(), BoxProverTest::clipped));
    assertBroken("masked", false, b -> sum(b, false, b.tokens(), BoxProverTest::clipped));
    assertBroken("micro-batches", true, b -> sum(b, true, b.tokens(), BoxProverTest::clipped));
    assertBroken("denominator", false, b -> sum(b, true, 4 * b.tokens(), BoxProverTest::clipped));
    assertBroken(
        "on-policy", false, b -> sum(b, true, b.tokens(), (lp, old, a) -> clipped(lp, old, -a)));
    assertBroken(
        "central-difference",
        false,
        b ->
            sum(
                b,
                true,
                b.tokens(),
                (lp, old, a) -> {
                  double[] one = clipped(lp, old, a);
                  return new double[] {one[0], lp - old > -0.1 ? one[1] : 2 * one[1]};
                }));
    assertBroken(
        "live-on-policy",
        false,
        b -> sum(b, true, b.tokens(), (lp, old, a) -> new double[] {-a, 0}));
    assertBroken(
        "clip-side",
        false,
        b ->
            sum(
                b,
                true,
                b.tokens(),
                (lp, old, a) ->
                    Math.abs(Math.exp(lp - old) - 1) > 0.2
                        ? new double[] {-a, 0}
                        : clipped(lp, old, a)));
    assertBroken("finite", false, b -> sum(b, true, b.length(0), BoxProverTest::clipped));
    assertBroken(
        "finite-at-extremes",
        false,
        b ->
            sum(
                b,
                true,
                b.tokens(),
                (lp, old, a) -> {
                  double r = Math.exp(lp - old);
                  return new double[] {-r * a, -r * a};
                }));
    assertBroken("answers", false, b -> b.length(0) == 0 ? new Answer.Failure("no") : right(b));
    assertBroken("inputs-unchanged", false, b -> changing(b));
    assertBroken("responses-reordered", false, b -> weighted(b));
    int[] calls = {0};
    assertBroken(
        "same-twice",
        false,
        b -> sum(b, true, b.tokens() + 1e-3 * calls[0]++, BoxProverTest::clipped));
  }

  private static void assertBroken(String law, boolean whole, Loop loop) {
    Seq<String> broken = broken(whole, loop);
    assertTrue(broken.contains(law), law + " is not among " + broken);
  }

  private static Answer right(TensorBatch batch) {
    return sum(batch, true, batch.tokens(), BoxProverTest::clipped);
  }

  private static Answer changing(TensorBatch batch) {
    Answer.Numbers right = (Answer.Numbers) right(batch);
    return new Answer.Numbers(
        right.loss(), right.gradients(), right.metrics(), List.of(Columns.LOG_PROB), true);
  }

  /** Rows weigh more the later they stand. */
  private static Answer weighted(TensorBatch batch) {
    Answer.Numbers right = (Answer.Numbers) right(batch);
    double[] slopes = right.gradient(Columns.LOG_PROB, batch.size());
    double[] moved =
        IntStream.range(0, slopes.length)
            .mapToDouble(slot -> slopes[slot] * (1 + slot / batch.width()))
            .toArray();
    return new Answer.Numbers(
        Arrays.stream(moved).sum(),
        LinkedHashMap.of(Columns.LOG_PROB, moved),
        right.metrics(),
        List.empty(),
        true);
  }
}
