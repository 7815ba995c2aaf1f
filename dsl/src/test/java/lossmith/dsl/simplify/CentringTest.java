package lossmith.dsl.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import org.junit.jupiter.api.Test;

/** A sum of differences to the mean is 0, and nothing else is taken for one. */
final class CentringTest {
  private static final Level.Name EACH = Level.Name.SEQUENCE;
  private static final Level.Name ALL = Level.Name.GROUP;
  private static final Node X = Nodes.given("x", EACH);
  private static final Node Y = Nodes.given("y", EACH);
  private static final Node OF_GROUP = Nodes.broadcast(Nodes.given("g", ALL), EACH);

  private static Node reduced(ReduceOp op, Node x, Level.Name to) {
    return Nodes.reduce(op, x, to, 0, Option.none());
  }

  private static Node less(Node x, Node mean) {
    return Nodes.binary(BinaryOp.MINUS, x, Nodes.broadcast(mean, EACH));
  }

  private static Node centred(Node x) {
    return less(x, reduced(ReduceOp.MEAN, x, ALL));
  }

  private static void vanishes(boolean expected, Node x) {
    Node sum = new Simplify().of(reduced(ReduceOp.SUM, x, ALL));
    assertEquals(expected, sum instanceof Node.Constant c && c.value() == 0, sum::toString);
  }

  @Test
  void differencesToTheOwnMean() {
    vanishes(true, centred(X));
    vanishes(true, Nodes.named(centred(X), "A"));
    vanishes(true, Nodes.binary(BinaryOp.MINUS, centred(X), centred(Y)));
    vanishes(
        true, Nodes.binary(BinaryOp.PLUS, centred(X), Nodes.unary(UnaryOp.NEGATE, centred(Y))));
    vanishes(true, Nodes.binary(BinaryOp.TIMES, OF_GROUP, centred(X)));
    vanishes(true, Nodes.binary(BinaryOp.TIMES, centred(X), OF_GROUP));
    vanishes(true, Nodes.binary(BinaryOp.DIVIDE, centred(X), OF_GROUP));
  }

  @Test
  void notToAnotherMean() {
    Node some = Nodes.compare(CompareOp.BELOW, X, Y);
    vanishes(false, less(X, reduced(ReduceOp.MEAN, Y, ALL)));
    vanishes(false, less(X, reduced(ReduceOp.MAX, X, ALL)));
    vanishes(false, less(X, Nodes.reduce(ReduceOp.MEAN, X, ALL, 0, Option.some(some))));
    vanishes(false, less(X, reduced(ReduceOp.MEAN, X, Level.Name.BATCH)));
    vanishes(false, Nodes.binary(BinaryOp.TIMES, Y, centred(X)));
    vanishes(false, Nodes.binary(BinaryOp.DIVIDE, OF_GROUP, centred(X)));
    vanishes(false, Nodes.binary(BinaryOp.PLUS, centred(X), Y));
    vanishes(false, Nodes.unary(UnaryOp.SQUARE, centred(X)));
  }
}
