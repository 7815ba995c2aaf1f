package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is asked for is what is compiled, and what is not said has a default. */
final class CompileTest {
  private static final Loss LOSS = Terms.minimise(Terms.logProb().mean(Over.ALL_TOKENS));

  private static String refused(Executable work) {
    return String.valueOf(assertThrows(ProblemException.class, work).getMessage());
  }

  @Test
  void defaultsAreSingleNumbersOnTheProcessorAndRowsThatStayInItsCache() {
    Compile plain = Compile.of(LOSS);
    assertEquals(new Compile(LOSS, Precision.FLOAT32, "CPU"), plain);
    assertEquals(
        new Compile(LOSS, Precision.FLOAT64, "GPU:0"),
        plain.device("GPU:0").precision(Precision.FLOAT64));
    assertEquals(16, plain.vocabulary(1 << 15).rows());
    assertEquals(128, plain.vocabulary(35).rows());
    assertEquals(1, plain.vocabulary(1 << 20).rows());
    assertEquals(3, plain.vocabulary(35).rows(3).rows());
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedAtEverySurface() {
    Compile far = Compile.of(LOSS).device("GPU:99");
    for (Executable door :
        java.util.List.<Executable>of(
            () -> far.statistics().close(),
            () -> far.wholeLogits().close(),
            () -> far.vocabulary(3).logits().close(),
            () -> far.hidden(Head.of(3, 3), 1 << 16).close())) {
      String message = refused(door);
      assertTrue(message.contains("GPU:99"), message);
    }
  }

  /** Nodes give their numbers by name, of any level, and what they share is told once. */
  @Test
  void nodesAreCompiledWithoutALoss() {
    Samples samples = Batches.four(1, 2, 3, 4, 5, 6).build();
    var x = Terms.logProb().scaledBy(Terms.parameter("scale", 2, 0, 10));
    Map<String, Node> nodes =
        LinkedHashMap.of("x", x, "total", x.sum(Over.ALL_TOKENS))
            .mapValues(term -> BoundLoss.term(term, Surface.STATISTICS, samples.columns()));
    CompiledNodes compiled = CompiledNodes.of(nodes, Precision.FLOAT64, "CPU");
    try (compiled) {
      assertEquals(io.vavr.collection.HashSet.of("scale"), compiled.parameters().keySet().toSet());
      Map<String, double[]> found = compiled.evaluate(samples);
      assertEquals(nodes.keySet().toList(), found.keySet().toList());
      assertArrayEquals(new double[] {2, 4, 6, 8, 10, 12}, found.get("x").get());
      assertArrayEquals(new double[] {42}, found.get("total").get());
      var tripled = compiled.evaluate(samples, java.util.Map.of("scale", 3.0));
      assertArrayEquals(new double[] {63}, tripled.get("total").get());
      String missing =
          refused(() -> assertEquals(found, compiled.evaluate(samples.without(Columns.LOG_PROB))));
      assertTrue(missing.contains("samples without log_prob"), missing);
      String unknown =
          refused(
              () ->
                  assertEquals(found, compiled.evaluate(samples, java.util.Map.of("scael", 3.0))));
      assertTrue(unknown.contains("one of scale"), unknown);
    }
    String closed = refused(() -> assertEquals(nodes, compiled.evaluate(samples)));
    assertTrue(closed.contains("after close()"), closed);
  }
}
