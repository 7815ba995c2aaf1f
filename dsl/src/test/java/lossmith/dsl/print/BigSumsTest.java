package lossmith.dsl.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import org.junit.jupiter.api.Test;

/** Sums over indices, and running ones. */
final class BigSumsTest {
  private static final Level.Name TOKEN = Level.Name.TOKEN;
  private static final Level.Name SEQUENCE = Level.Name.SEQUENCE;
  private static final Level.Name BATCH = Level.Name.BATCH;
  private static final Level.Name ENTRY = Level.Name.VOCABULARY;
  private static final Node A = Nodes.given("a", TOKEN);
  private static final Node K = Nodes.given("k", TOKEN);
  private static final Node LOG_PI = Nodes.trained("log_pi", ENTRY);
  private static final Option<Node> ALL = Option.none();

  /** The t-th token of a response has t tokens up to it and |y_i| - t behind it. */
  @Test
  void aRunningCountIsAPosition() {
    Node one = Nodes.constant(1, TOKEN);
    Node behind = Nodes.scan(one, one, Direction.BACKWARD);
    assertEquals("t", Formula.unicode(Nodes.scan(one, one, Direction.FORWARD)));
    assertEquals("|y_i| - t", Formula.unicode(Nodes.binary(BinaryOp.MINUS, behind, one)));
    Node named = Nodes.named(Nodes.scan(A, K, Direction.BACKWARD), "G");
    assertEquals("G_t\n  where G_t = a + k·G_{t+1}", Formula.unicode(named));
  }

  @Test
  void aSumOverSeveralIndicesNamesThem() {
    Node u = Nodes.given("u", ENTRY);
    assertEquals("Σ_{i,t,v} u", Formula.unicode(Nodes.reduce(ReduceOp.SUM, u, BATCH, 0, ALL)));
    assertEquals("max_{t,v}(u)", Formula.unicode(Nodes.reduce(ReduceOp.MAX, u, SEQUENCE, 0, ALL)));
  }

  /** Σ_t c·x = c·Σ_t x, Σ_t 1 = |y_i|, and Σ_v π(v) = 1. */
  @Test
  void whatTheIndexDoesNotChangeStandsBeforeTheSum() {
    Node half = Nodes.binary(BinaryOp.TIMES, A, Nodes.constant(0.5, TOKEN));
    assertEquals("0.5·Σ_t a", Formula.unicode(Nodes.reduce(ReduceOp.SUM, half, SEQUENCE, 0, ALL)));
    assertEquals(
        "(1/|y_i|) Σ_t 0.5·a",
        Formula.unicode(Nodes.reduce(ReduceOp.MEAN, half, SEQUENCE, 0, ALL)));
    Node one = Nodes.constant(1, TOKEN);
    assertEquals("|y_i|", Formula.unicode(Nodes.reduce(ReduceOp.SUM, one, SEQUENCE, 0, ALL)));
    Node spread = Nodes.broadcast(A, ENTRY);
    Node weighted = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, spread);
    assertEquals("a", Formula.unicode(Nodes.reduce(ReduceOp.SUM, weighted, TOKEN, 0, ALL)));
    Node teacher = Nodes.binary(BinaryOp.PROB_TIMES, Nodes.given("ref_log_pi", ENTRY), spread);
    assertEquals(
        "a·Σ_v π_ref(v)", Formula.unicode(Nodes.reduce(ReduceOp.SUM, teacher, TOKEN, 0, ALL)));
  }
}
