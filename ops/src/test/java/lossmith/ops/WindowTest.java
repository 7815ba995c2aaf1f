package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vavr.collection.List;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

/** A batch in two pieces has the value and the gradient of the whole, in one sweep and in more. */
final class WindowTest {
  private static final int[] LENGTHS = {3, 2, 4};
  private static final int[] CUT = {0, 5, 9};
  private static final int WIDTH = 3;
  private static final double[][] LOGITS = logits();

  private static double[][] logits() {
    Random random = new Random(1);
    double[][] rows = new double[CUT[2]][];
    Arrays.setAll(rows, row -> random.doubles(WIDTH, -2, 2).toArray());
    return rows;
  }

  /** A ratio weighted by an advantage over the mean of the batch: data of other pieces. */
  private static Loss oneSweep() {
    var a = Terms.given("a", Axis.TOKEN);
    var mean = a.mean(Over.ALL_TOKENS).per(Axis.TOKEN);
    return Terms.maximise(Terms.ratio().weightedBy(a.minus(mean)).mean(Over.ALL_TOKENS))
        .log("entropy", Terms.entropy().stopGradient().mean(Over.ALL_TOKENS));
  }

  /** Its slope needs a mean over all pieces. */
  private static Loss twoSweeps() {
    return Terms.minimise(Terms.ratio().mean(Over.ALL_TOKENS).log()).as("log").plus(oneSweep());
  }

  /** What is summed in a row needs the mean entropy of all pieces. */
  private static Loss threeSweeps() {
    var mean = Terms.entropy().stopGradient().mean(Over.ALL_TOKENS).per(Axis.VOCABULARY_ENTRY);
    var likely = Terms.logPi().above(mean.negated());
    return Terms.minimise(
            Terms.logPi().exp().sum(Over.VOCABULARY.where(likely)).mean(Over.ALL_TOKENS))
        .as("mass")
        .plus(twoSweeps());
  }

  private static Samples responses(int from, int to) {
    Random random = new Random(2);
    int[] sampled = random.ints(CUT[2], 0, WIDTH).toArray();
    double[] old = random.doubles(CUT[2], -2, -1).toArray();
    double[] a = random.doubles(CUT[2], -1, 1).toArray();
    int first = Arrays.stream(LENGTHS, 0, from).sum();
    int last = Arrays.stream(LENGTHS, 0, to).sum();
    long[] ids = {0, 1, 2};
    return new SamplesBuilder(Arrays.copyOfRange(LENGTHS, from, to), new int[to - from])
        .ids(Arrays.copyOfRange(ids, from, to))
        .sampled(Arrays.copyOfRange(sampled, first, last))
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, Arrays.copyOfRange(old, first, last))
        .column("a", Level.Name.TOKEN, Arrays.copyOfRange(a, first, last))
        .build();
  }

  private record Piece(Samples samples, Policy.Logits policy) {
    static Piece of(int from, int to) {
      Samples samples = responses(from, to);
      int first = Arrays.stream(LENGTHS, 0, from).sum();
      Matrix logits = Matrix.zeros(Precision.FLOAT64, samples.tokens(), WIDTH);
      for (int row = 0; row < samples.tokens(); row++) {
        logits.write(row, LOGITS[first + row]);
      }
      Matrix gradient = Matrix.zeros(Precision.FLOAT64, samples.tokens(), WIDTH);
      return new Piece(samples, new Policy.Logits(logits, gradient));
    }

    Partial part() {
      return Partial.of(samples, 7);
    }
  }

  private static void assertWhole(Loss objective, int passes) {
    Piece whole = Piece.of(0, 3);
    List<Piece> pieces = List.of(Piece.of(0, 2), Piece.of(2, 3));
    try (FusedLoss loss =
        Compile.of(objective).precision(Precision.FLOAT64).vocabulary(WIDTH).rows(4).logits()) {
      Evaluation expected = loss.evaluate(whole.samples, whole.policy);
      List<Partial> parts = pieces.map(Piece::part);
      Window window = loss.window(parts.reduce(Partial::and));
      assertEquals(passes, window.passes());
      for (int pass = 0; pass < window.passes(); pass++) {
        Partial before = parts.reduce(Partial::and);
        int now = pass;
        parts = parts.zip(pieces).map(both -> window.read(now, before, both._1, both._2.policy));
      }
      Window.Closed closed = window.close(parts.reduce(Partial::and));
      pieces.forEach(piece -> closed.gradient(piece.samples, piece.policy));
      assertEquals(expected.value(), closed.evaluation().value(), 1e-14);
      expected
          .metrics()
          .forEach(
              (name, x) -> assertEquals(x, closed.evaluation().metrics().get(name).get(), 1e-14));
      for (int t = 0; t < CUT[2]; t++) {
        Matrix found = pieces.get(t < CUT[1] ? 0 : 1).policy.gradient();
        double[] row = found.row(t < CUT[1] ? t : t - CUT[1]);
        assertArrayEquals(whole.policy.gradient().row(t), row, 1e-14);
      }
      Piece other = pieces.get(1);
      assertThrows(
          ProblemException.class, () -> closed.gradient(pieces.get(0).samples, other.policy));
      assertThrows(
          ProblemException.class,
          () -> window.read(0, pieces.get(0).part(), pieces.get(0).part(), other.policy));
    }
  }

  @Test
  void inOneSweep() {
    assertWhole(oneSweep(), 1);
  }

  @Test
  void inThreeSweeps() {
    assertWhole(threeSweeps(), 2);
  }
}
