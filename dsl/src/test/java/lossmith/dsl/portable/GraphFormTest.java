package lossmith.dsl.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Range;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import org.junit.jupiter.api.Test;

/** Nodes that were written and read are the same graphs, sharing and all. */
class GraphFormTest {
  private static Map<String, Node> sent(Map<String, Node> nodes) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream to = new ObjectOutputStream(bytes)) {
      to.writeObject(GraphForm.of(nodes));
    }
    try (ObjectInputStream from =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return ((GraphForm) from.readObject()).named();
    }
  }

  @Test
  void everyLeafAndWhatIsAboveIsTheSame() throws Exception {
    Node logProb = Nodes.trained("log_prob", Level.Name.TOKEN);
    Node old =
        Nodes.given("old_log_prob", Level.Name.TOKEN, Nodes.given("other", Level.Name.TOKEN));
    Node step = Nodes.given("step", Level.Name.BATCH);
    Node seed = Nodes.parameter("seed", new Range(0, 0, 9));
    Node large =
        Nodes.logic(
            true,
            Nodes.compare(CompareOp.BELOW, old, logProb),
            Nodes.truth(true, Level.Name.TOKEN));
    Map<String, Node> nodes =
        LinkedHashMap.of(
            "sum",
            Nodes.reduce(ReduceOp.SUM, logProb, Level.Name.BATCH, 0, Option.some(large)),
            "uniform",
            Nodes.uniform(seed, step),
            "count",
            Nodes.count(Level.Name.TOKEN, Level.Name.SEQUENCE, Option.none()));
    nodes =
        nodes.put(
            "sampled",
            Nodes.select(
                Nodes.sampled(),
                Nodes.constant(2, Level.Name.VOCABULARY),
                Nodes.given("log_pi", Level.Name.VOCABULARY)));
    Map<String, Node> found = sent(nodes);
    assertEquals(nodes.keySet().toList(), found.keySet().toList());
    assertEquals(nodes, found);
    assertEquals(nodes.hashCode(), found.hashCode());
    Node.Input absent =
        Graph.only(Node.Input.class, Graph.below(found.values()))
            .find(input -> input.name().equals("old_log_prob"))
            .get();
    assertEquals(Nodes.given("other", Level.Name.TOKEN), absent.otherwise().get());
  }

  @Test
  void whatWasSharedIsShared() throws Exception {
    Node x = Nodes.given("x", Level.Name.TOKEN);
    Node square = Nodes.unary(UnaryOp.SQUARE, x);
    Node twice = Nodes.binary(BinaryOp.PLUS, square, square);
    Node other = Nodes.unary(UnaryOp.EXP, square);
    Map<String, Node> found = sent(LinkedHashMap.of("twice", twice, "other", other));
    Node.Binary sum = (Node.Binary) found.get("twice").get();
    assertSame(sum.left(), sum.right());
    assertSame(sum.left(), found.get("other").get().children().head());
  }

  /** Java's own way down a graph ends the stack a few thousand nodes deep. */
  @Test
  void depthIsNoMatter() throws Exception {
    Node node = Nodes.given("x", Level.Name.TOKEN);
    for (int i = 0; i < 100_000; i++) {
      node = Nodes.unary(i % 3 == 0 ? UnaryOp.SQUARE : UnaryOp.EXP, node);
    }
    Node found = sent(LinkedHashMap.of("deep", node)).get("deep").get();
    for (int i = 100_000; i > 0; i--) {
      assertEquals((i - 1) % 3 == 0 ? UnaryOp.SQUARE : UnaryOp.EXP, ((Node.Unary) found).op());
      found = found.children().head();
    }
    assertEquals(Nodes.given("x", Level.Name.TOKEN), found);
  }
}
