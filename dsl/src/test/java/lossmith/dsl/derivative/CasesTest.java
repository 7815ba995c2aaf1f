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
}
