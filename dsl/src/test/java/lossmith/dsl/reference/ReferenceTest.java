package lossmith.dsl.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Range;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.KeyedHash;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import org.junit.jupiter.api.Test;

/** The oracle itself by hand, where a plain loop may go wrong: ends, ties, zeros, nothing there. */
final class ReferenceTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double TWO = Math.log(2);
  private static final Detached<Token> X = Terms.given("x", Axis.TOKEN);
  private static final Detached<Token> Y = Terms.given("y", Axis.TOKEN);

  /** Responses of 3 and 2 tokens to one prompt. */
  private static Samples five(double[] x, double... y) {
    return new SamplesBuilder(new int[] {3, 2}, new int[] {0, 0})
        .ids(new long[] {11, 12})
        .column("x", Level.Name.TOKEN, x)
        .column("y", Level.Name.TOKEN, y)
        .build();
  }

  private static double[] x(double... x) {
    return x;
  }

  private static double[] of(Samples samples, Node node) {
    return new Reference(samples, HashMap.empty()).of(node);
  }

  private static void is(Samples samples, Term<?> term, double... expected) {
    assertArrayEquals(expected, of(samples, term.node()), 1e-14);
  }

  @Test
  void functionsKeepTheirDigitsAtTheirEnds() {
    Samples far = five(x(-800, 800, 0, -1e-12, -40), new double[5]);
    is(far, X.sigmoid(), 0, 1, 0.5, 0.5 - 0.25e-12, Math.exp(-40));
    is(far, X.softplus(), 0, 800, TWO, TWO - 0.5e-12, Math.exp(-40));
    Samples below = five(x(-1e-12, -40, -TWO, -1, -2), new double[5]);
    double[] log = of(below, X.log1mExp().node());
    assertEquals(-12 * Math.log(10) - 0.5e-12, log[0], 1e-14); // log(1 − e^−h) = log h − h/2 + …
    assertEquals(-Math.exp(-40), log[1], 1e-32); // log(1 − h) = −h − …
    assertEquals(Math.log(1 - Math.exp(-1)), log[3], 1e-15);
  }

  @Test
  void theExponentialIsFlatBeyondItsSaturation() {
    Samples samples = five(x(700, 701, -700, -701, 0), new double[5]);
    double most = Math.exp(700);
    double least = Math.exp(-700);
    assertArrayEquals(
        new double[] {most, most, least, least, 1}, of(samples, X.exp().node()), 1e-300);
    assertArrayEquals(
        new double[] {most, 0, least, 0, 1},
        of(samples, Nodes.unary(UnaryOp.EXP_SLOPE, X.node())),
        0);
  }

  /** x is held in both places of e^x − 1 − x, and near 0 it is x²/2 + x³/6 + x⁴/24. */
  @Test
  void theRemainderOfTheExponentialIsFlatBeyondTheSaturationToo() {
    Samples samples = five(x(1e4, -1e4, 1e-6, -1e-3, 2), new double[5]);
    double[] value = of(samples, X.expRemainder().node());
    assertEquals(Math.exp(700), value[0], 1e290);
    assertEquals(699, value[1]);
    assertEquals(0.5e-12 + 1e-18 / 6 + 1e-24 / 24, value[2], 1e-27);
    assertEquals(0.5e-6 - 1e-9 / 6 + 1e-12 / 24, value[3], 1e-16);
    assertEquals(Math.exp(2) - 3, value[4], 1e-15);
    assertArrayEquals(
        new double[] {0, 0, 1e-6 + 0.5e-12, -1e-3 + 0.5e-6 - 1e-9 / 6, Math.exp(2) - 1},
        of(samples, Nodes.unary(UnaryOp.EXP_REMAINDER_SLOPE, X.node())),
        1e-12);
  }

  @Test
  void sumsOfExponentialsMayBeOfNothing() {
    double[] left = {-INF, 0, 0, 700, -INF};
    double[] right = {-INF, 0, Math.log(3), 700, 5};
    Node sum = Terms.logAddExp(X, Y).node();
    assertArrayEquals(x(-INF, TWO, 2 * TWO, 700 + TWO, 5), of(left, right, sum), 1e-12);
    Node sigmoid = Nodes.binary(BinaryOp.SIGMOID_DIFF, X.node(), Y.node());
    assertArrayEquals(x(0, 0.5, 0.25, 0.5, 0), of(left, right, sigmoid), 1e-15);
    Node product = Terms.probTimes(X, Y).node();
    assertArrayEquals(
        x(0, 2, 12, -1, 0),
        of(x(-INF, 0, Math.log(3), TWO, -INF), x(INF, 2, 4, -0.5, 1), product),
        1e-14);
  }

  /** A node of x and y, which may be numbers that samples refuse. */
  private static double[] of(double[] left, double[] right, Node node) {
    return new Reference(five(new double[5], new double[5]), HashMap.empty())
        .given(X.node(), left)
        .given(Y.node(), right)
        .of(node);
  }

  @Test
  void aColdSoftmaxDoesNotOverflow() {
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .sampled(new int[] {1, 0})
            .grid(BoundLoss.LOGITS, Grid.of(new double[] {1e4, -1e4, 0, 0}, 2))
            .build();
    Reference cold = new Reference(samples, HashMap.of(Columns.TEMPERATURE, 0.5));
    assertArrayEquals(new double[] {0, -4e4, -TWO, -TWO}, cold.of(Terms.logPi().node()), 1e-12);
    assertArrayEquals(new double[] {-4e4, -TWO}, cold.of(Terms.logProb().node()), 1e-12);
  }

  /** 1, 2, 4 lie 1.5, 1.5 … 1/3 around 7/3: squares 16/9, 1/9, 25/9. */
  @Test
  void aDeviationDividesByWhatIsFree() {
    Samples samples = five(x(1, 2, 4, 7, 3), 0.1, 0.1, 0.1, 0, 0);
    is(samples, X.std(Over.TOKENS, 0), Math.sqrt(42 / 9.0 / 3), 2);
    is(samples, X.std(Over.TOKENS, 1), Math.sqrt(42 / 9.0 / 2), Math.sqrt(8));
    is(samples, X.std(Over.TOKENS, 2), Math.sqrt(42 / 9.0), 0);
    // 0.1 + 0.1 + 0.1 is not 3 · 0.1 in doubles, and yet equal numbers do not deviate
    assertArrayEquals(new double[2], of(samples, Y.std(Over.TOKENS, 0).node()), 0);
  }

  /** At fraction s of n members: place s (n − 1), between its neighbours in proportion. */
  @Test
  void aQuantileLiesBetweenItsNeighbours() {
    Samples samples = five(x(4, 1, 2, 7, 3), 1, 0, 1, 0, 0);
    double[][] expected = {{1, 3}, {1.5, 4}, {2, 5}, {3, 6}, {4, 7}};
    for (int quarter = 0; quarter < expected.length; quarter++) {
      is(samples, quantile(quarter / 4.0, Over.TOKENS), expected[quarter]);
    }
    is(samples, quantile(0.25, Over.TOKENS.where(Y.positive())), 2.5, 0);
    is(samples, quantile(-1, Over.TOKENS), 1, 3);
    is(samples, quantile(2, Over.TOKENS), 4, 7);
  }

  private static Term<Sequence> quantile(double fraction, Over<Token, Sequence> over) {
    return X.quantile(X.mean(Over.TOKENS).scaledBy(0).shiftedBy(fraction), over);
  }

  @Test
  void zeroIsOneKeyWhateverItsSign() {
    Samples samples = five(x(0.0, -0.0, 1, -0.0, 0.0), 1, 2, 4, 8, 16);
    is(samples, Y.sumByKey(X, Over.TOKENS), 3, 3, 4, 24, 24);
    is(samples, Y.cumulativeSum(X, Over.TOKENS), 3, 3, 7, 24, 24);
  }

  @Test
  void whatDoesNotCountIsRankedBehindWhatDoes() {
    Samples samples = five(x(4, 1, 2, 7, 3), 1, 0, 1, 0, 0);
    Over<Token, Sequence> kept = Over.TOKENS.where(Y.positive());
    is(samples, X.rank(kept), 0, 2, 1, 0, 0);
    assertArrayEquals(
        new double[] {0, 2, 1, 0, 1},
        of(samples, Nodes.rank(X.node(), Level.Name.SEQUENCE, Option.none())),
        0);
  }

  @Test
  void zeroAndMinusZeroTieInARank() {
    Samples samples = five(x(-0.0, 0.0, 1, -0.0, 0.0), 1, 1, 1, 1, 1);
    is(samples, X.rank(Over.TOKENS), 1, 2, 0, 0, 1);
  }

  /** What was in front of an order goes back to where it stood. */
  @Test
  void anOrderIsUndone() {
    Samples samples = five(x(4, 1, 2, 7, 3), 10, 20, 30, 40, 50);
    Node sorted = Nodes.permute(Y.node(), X.node(), Level.Name.SEQUENCE, false);
    assertArrayEquals(new double[] {10, 30, 20, 40, 50}, of(samples, sorted), 0);
    Node back = Nodes.permute(sorted, X.node(), Level.Name.SEQUENCE, true);
    assertArrayEquals(new double[] {10, 20, 30, 40, 50}, of(samples, back), 0);
    // the second and third stand in each other's place, so an asymmetric order tells the two apart
    Samples turned = five(x(1, 4, 2, 7, 3), 10, 20, 30, 40, 50);
    assertArrayEquals(new double[] {20, 30, 10, 40, 50}, of(turned, sorted), 0);
    assertArrayEquals(
        new double[] {30, 10, 20, 40, 50},
        of(turned, Nodes.permute(Y.node(), X.node(), Level.Name.SEQUENCE, true)),
        0);
  }

  @Test
  void aRandomNumberIsThatOfItsResponseAndPlace() {
    Samples samples = five(new double[5], new double[5]);
    Node uniform =
        Nodes.uniform(
            Nodes.parameter("seed", new Range(3, 0, 9)),
            Nodes.parameter("step", new Range(1, 0, 9)));
    double[] expected = new double[5];
    for (int t = 0; t < expected.length; t++) {
      expected[t] = KeyedHash.uniform(5, 1, t < 3 ? 11 : 12, t < 3 ? t : t - 3);
    }
    assertArrayEquals(expected, new Reference(samples, HashMap.of("seed", 5.0)).of(uniform), 0);
  }

  @Test
  void whatIsMissingIsNamed() {
    Samples samples = five(new double[5], new double[5]);
    assertMissing("z", samples, Terms.given("z", Axis.TOKEN));
    assertTold(
        "x with one number per token; expected one number per sequence",
        samples,
        Terms.given("x", Axis.SEQUENCE));
    assertMissing("logits", samples, Terms.logPi());
    assertMissing("ref_log_pi", samples, Terms.referenceLogPi());
    Samples logits = samples.with(BoundLoss.LOGITS, Grid.of(new double[10], 2));
    assertMissing("tokens", logits, Terms.logProb());
    assertMissing("tokens", logits, Terms.sampled().indicator());
  }

  private static void assertMissing(String what, Samples samples, Term<?> term) {
    assertTold("samples without " + what + ";", samples, term);
  }

  private static void assertTold(String what, Samples samples, Term<?> term) {
    String message =
        String.valueOf(
            assertThrows(ProblemException.class, () -> of(samples, term.node())).getMessage());
    assertTrue(message.startsWith("column: got " + what), message);
  }

  @Test
  void numbersThatAreDeclaredAreKept() {
    Samples samples = five(x(4, 1, 2, 7, 3), new double[5]);
    Node mean = X.mean(Over.ALL_TOKENS).node();
    double[] declared = {4, 4, 4, 4, 4};
    Reference reference = new Reference(samples, HashMap.empty()).given(X.node(), declared);
    declared[0] = 0;
    assertEquals(4, reference.number(mean));
    assertThrows(ProblemException.class, () -> reference.number(X.node()));
  }
}
