package lossmith.dsl.derivative;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** The slope of an objective of several cases is that of the case that holds. */
final class CasesTest {
  private static final Level.Name TOKEN = Level.Name.TOKEN;
  private static final Node V = Nodes.trained("value", TOKEN);

  private static Node number(double value) {
    return Nodes.constant(value, TOKEN);
  }

  private static Node below(Node a, Node b) {
    return Nodes.compare(CompareOp.BELOW, a, b);
  }

  private static Node slope(Node term) {
    Node sum = Nodes.reduce(ReduceOp.SUM, term, Level.Name.BATCH, 0, Option.none());
    return Derivative.of(sum).get("value").get();
  }

  private static double[] at(Node slope, double... values) {
    Samples samples =
        new SamplesBuilder(new int[] {values.length}, new int[] {0})
            .column("value", TOKEN, values)
            .build();
    return new Reference(samples, HashMap.empty()).of(slope);
  }

  /** d/dv of f(v)² is 2 f f′, where f is 3v above 1, −v below −1 and v elsewhere. */
  @Test
  void eachCaseHasItsOwnProductOfSlopes() {
    Node three = Nodes.binary(BinaryOp.TIMES, number(3), V);
    Node low = Nodes.select(below(V, number(-1)), Nodes.unary(UnaryOp.NEGATE, V), V);
    Node f = Nodes.select(below(number(1), V), three, low);
    Node slope = slope(Nodes.unary(UnaryOp.SQUARE, f));
    assertArrayEquals(new double[] {36, 1, -1, -4}, at(slope, 2, 0.5, -0.5, -2), 1e-12);
  }

  /** log v where v > 0: at 0 the slope 1/v of the case that does not hold is infinite. */
  @Test
  void aCaseThatDoesNotHoldAddsNothingEvenWhereItsSlopeIsInfinite() {
    Node log = Nodes.select(below(number(0), V), Nodes.unary(UnaryOp.LOG, V), number(0));
    Node twice = Nodes.binary(BinaryOp.PLUS, log, Nodes.binary(BinaryOp.TIMES, number(2), V));
    assertArrayEquals(new double[] {2.5, 2}, at(slope(twice), 2, 0), 1e-12);
  }

  /** The same slope on both ways is one case; ways that cover everything need no condition. */
  @Test
  void waysOfTheSameSlopeAreOne() {
    Node when = below(V, number(1));
    Node f = Nodes.select(when, V, Nodes.binary(BinaryOp.PLUS, V, number(5)));
    assertEquals("2", Formula.unicode(slope(Nodes.binary(BinaryOp.TIMES, number(2), f))));
  }

  private static Node scaled(double factor) {
    return Nodes.binary(BinaryOp.TIMES, number(factor), V);
  }

  private static String shown(Node slope) {
    return Formula.unicode(slope);
  }

  /** Nothing is said twice: under v > 1 the square of 3v has the slope 18v. */
  @Test
  void eachCaseIsWrittenAsItIsThere() {
    Node f = Nodes.select(below(number(1), V), scaled(3), V);
    assertEquals(
        "value·(2·1[value ≤ 1] + 18·1[value > 1])", shown(slope(Nodes.unary(UnaryOp.SQUARE, f))));
  }

  /** What all ways ask for is asked once. */
  @Test
  void aConditionOfAllCasesStandsInFrontOfThem() {
    Node held = Nodes.clip(V, number(-3), number(3));
    Node twice = Nodes.binary(BinaryOp.TIMES, number(2), held);
    Node f = Nodes.select(below(number(1), V), twice, held);
    Node slope = slope(f);
    assertEquals("1[-3 ≤ value ≤ 3]·(1[value ≤ 1] + 2·1[value > 1])", shown(slope));
    assertArrayEquals(new double[] {0, 2, 1, 0}, at(slope, 4, 2, 0, -4), 0);
  }

  /** A way that is taken under a condition and its opposite is never taken. */
  @Test
  void aWayThatCannotBeTakenIsGone() {
    Node when = below(V, number(1));
    Node f = Nodes.select(when, Nodes.select(when, scaled(2), scaled(5)), scaled(3));
    assertEquals("2·1[value < 1] + 3·1[value ≥ 1]", shown(slope(f)));
    Node back = Nodes.select(when, scaled(3), Nodes.select(when, scaled(5), scaled(2)));
    assertEquals("3·1[value < 1] + 2·1[value ≥ 1]", shown(slope(back)));
  }

  /** f is v, 2v, 3v, 4v, 5v, the first for which v is below 1, 2, 3, 4; its slope 2 f f′ for f². */
  @Test
  void manyCasesAddUp() {
    Node f = scaled(5);
    for (int bound = 4; bound >= 1; bound--) {
      f = Nodes.select(below(V, number(bound)), scaled(bound), f);
    }
    double[] expected = {2 * 0.5, 2 * 4 * 1.5, 2 * 9 * 2.5, 2 * 16 * 3.5, 2 * 25 * 4.5};
    Node slope = slope(Nodes.unary(UnaryOp.SQUARE, f));
    assertArrayEquals(expected, at(slope, 0.5, 1.5, 2.5, 3.5, 4.5), 1e-12);
  }

  /** Conditions that hold together: 3v where v > 0, and 5v where v > 1, added. */
  @Test
  void casesThatHoldTogetherAreAdded() {
    Node some = Nodes.select(below(number(0), V), scaled(3), number(0));
    Node more = Nodes.select(below(number(1), V), scaled(5), number(0));
    Node inner = Nodes.binary(BinaryOp.PLUS, some, more);
    Node slope = slope(Nodes.unary(UnaryOp.SQUARE, inner));
    assertArrayEquals(new double[] {0, 9, 256}, at(slope, -1, 0.5, 2), 1e-12);
  }

  /** Two ways of the same slope count twice where both are taken. */
  @Test
  void waysOfTheSameSlopeThatAreBothTakenAreAdded() {
    Node some = Nodes.select(below(number(0), V), V, number(0));
    Node more = Nodes.select(below(number(1), V), V, number(0));
    Node slope = slope(Nodes.binary(BinaryOp.PLUS, some, more));
    assertArrayEquals(new double[] {0, 1, 2}, at(slope, -1, 0.5, 2), 0);
  }
}
