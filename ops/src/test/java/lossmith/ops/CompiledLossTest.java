package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Over;
import lossmith.dsl.Parameter;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.api.Test;

/** What a compiled loss promises besides numbers: parameters, refusals, threads, closing. */
final class CompiledLossTest {
  private static final Parameter HIGH = Terms.parameter("clip_high", 1.2, 1, 2);

  /** Σ min(r, c) over two tokens with r = 1.5 and r = 1.1. */
  private static Loss clipped() {
    return Terms.minimise(Terms.ratio().clip(Clip.atMost(HIGH)).sum(Over.ALL_TOKENS));
  }

  private static Samples two() {
    return new SamplesBuilder(new int[] {2}, new int[] {0})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {Math.log(1.5), Math.log(1.1)})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {0, 0})
        .build();
  }

  private static CompiledLoss compiled(String device) {
    return Compile.of(clipped()).precision(Precision.FLOAT64).device(device).statistics();
  }

  private static String refused(org.junit.jupiter.api.function.Executable work) {
    return String.valueOf(assertThrows(ProblemException.class, work).getMessage());
  }

  @Test
  void parameterIsFedWithoutCompilingAgain() {
    try (CompiledLoss loss = compiled("CPU")) {
      Evaluation initial = loss.evaluate(two());
      assertEquals(1.2 + 1.1, initial.value(), 1e-12);
      assertArrayEquals(
          new double[] {0, 1.1}, initial.gradients().get(Columns.LOG_PROB).get(), 1e-12);
      Evaluation wide = loss.evaluate(two(), HashMap.of("clip_high", 1.9));
      assertEquals(1.5 + 1.1, wide.value(), 1e-12);
      assertEquals(wide.value(), loss.evaluate(two(), java.util.Map.of("clip_high", 1.9)).value());
      assertArrayEquals(
          new double[] {1.5, 1.1}, wide.gradients().get(Columns.LOG_PROB).get(), 1e-12);
      assertEquals(HashMap.of("clip_high", HIGH.range()), loss.parameters().toMap(t -> t));
    }
  }

  @Test
  void everyNumberComesBackUnderItsName() {
    Term<Token> r = Terms.ratio();
    Loss two =
        Terms.minimise(r.sum(Over.ALL_TOKENS))
            .plus(Terms.minimise(r.square().sum(Over.ALL_TOKENS)).as("square"))
            .log("most", r.stopGradient().max(Over.TOKENS).sum(Over.ALL_SEQUENCES))
            .log("least", r.stopGradient().min(Over.TOKENS).sum(Over.ALL_SEQUENCES));
    Set<String> columns = two().columns();
    BoundLoss bound = BoundLoss.of(two, Surface.STATISTICS, columns);
    Map<String, Node> extras =
        LinkedHashMap.of(
            "once", BoundLoss.term(r, Surface.STATISTICS, columns),
            "twice", BoundLoss.term(r.scaledBy(2), Surface.STATISTICS, columns));
    try (CompiledLoss loss = CompiledLoss.of(bound, extras, Precision.FLOAT64, "CPU")) {
      Evaluation found = loss.evaluate(two());
      assertEquals(2.6, found.parts().get("loss").get(), 1e-12);
      assertEquals(2.25 + 1.21, found.parts().get("square").get(), 1e-12);
      assertEquals(1.5, found.metrics().get("most").get(), 1e-12);
      assertEquals(1.1, found.metrics().get("least").get(), 1e-12);
      assertEquals(0, found.metrics().get(Evaluation.SATURATED).get());
      double[] slope = {1.5 + 2 * 2.25, 1.1 + 2 * 1.21};
      assertArrayEquals(slope, found.gradients().get(Columns.LOG_PROB).get(), 1e-12);
      assertArrayEquals(new double[] {1.5, 1.1}, found.extras().get("once").get(), 1e-12);
      assertArrayEquals(new double[] {3, 2.2}, found.extras().get("twice").get(), 1e-12);
    }
  }

  @Test
  void anExponentBeyondTheDoublesIsCounted() {
    Samples far = two().with(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {800, Math.log(1.1)});
    try (CompiledLoss loss = compiled("CPU")) {
      assertEquals(1, loss.evaluate(far).metrics().get(Evaluation.SATURATED).get());
    }
  }

  @Test
  void whatWasSampledIsInTheVocabulary() {
    Loss loss = Terms.minimise(Terms.logProb().sum(Over.ALL_TOKENS));
    Samples two =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .sampled(new int[] {0, 2})
            .grid(BoundLoss.LOGITS, Grid.of(new double[] {0, 1, 2, 3, 4, 5}, 3))
            .build();
    Samples narrow = two.with(BoundLoss.LOGITS, Grid.of(new double[] {0, 1, 2, 3}, 2));
    try (CompiledLoss logits = Compile.of(loss).precision(Precision.FLOAT64).wholeLogits()) {
      double row = Math.log(1 + Math.E + Math.exp(2));
      assertEquals(2 - 2 * row, logits.evaluate(two).value(), 1e-12);
      String message = refused(() -> logits.evaluate(narrow));
      assertTrue(message.contains("token id 2"), message);
    }
  }

  @Test
  void allThatDoesNotFitIsReportedAtOnce() {
    try (CompiledLoss loss = compiled("CPU")) {
      Samples poor =
          two()
              .with(Columns.OLD_LOG_PROB, Level.Name.SEQUENCE, new double[] {0})
              .without(Columns.LOG_PROB);
      String message =
          refused(() -> loss.evaluate(poor, HashMap.of("clip_high", 2.5, "clip_hihg", 1.1)));
      assertTrue(message.contains("old_log_prob with one number per sequence"), message);
      assertTrue(message.contains("samples without log_prob"), message);
      assertTrue(message.contains("clip_high = 2.5; expected a number from 1.0 to 2.0"), message);
      assertTrue(message.contains("clip_hihg = 1.1; expected one of clip_high"), message);
    }
  }

  @Test
  void parameterThatIsNotANumberIsRefused() {
    try (CompiledLoss loss = compiled("CPU")) {
      String message = refused(() -> loss.evaluate(two(), HashMap.of("clip_high", Double.NaN)));
      assertTrue(message.contains("clip_high = NaN"), message);
    }
  }

  @Test
  void columnAtAnotherLevelIsRefused() {
    Samples other = two().with(Columns.OLD_LOG_PROB, Level.Name.SEQUENCE, new double[] {0});
    try (CompiledLoss loss = compiled("CPU")) {
      String message = refused(() -> loss.evaluate(other));
      assertTrue(message.contains("old_log_prob"), message);
      assertTrue(message.contains("a column at that level"), message);
    }
  }

  @Test
  void samplesWithoutTokensAreRefused() {
    Samples none =
        new SamplesBuilder(new int[] {0}, new int[] {0})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[0])
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[0])
            .build();
    try (CompiledLoss loss = compiled("CPU")) {
      String message = refused(() -> loss.evaluate(none));
      assertTrue(message.contains("0 tokens"), message);
    }
  }

  @Test
  void closedLossIsRefusedAndClosesTwice() {
    CompiledLoss loss = compiled("CPU");
    loss.close();
    loss.close();
    String message = refused(() -> loss.evaluate(two()));
    assertTrue(message.contains("evaluate(...) after close()"), message);
  }

  @Test
  void deviceThatIsNotThereIsRefused() {
    for (String device : List.of("CPU:7", "GPU:99")) {
      String message = refused(() -> compiled(device).close());
      assertTrue(message.contains(device + ", which TensorFlow does not find here"), message);
    }
    for (String device : List.of("TPU", "GPU:", "cpu", "GPU:99999999999")) {
      String message = refused(() -> compiled(device).close());
      assertTrue(message.contains("a device of that form"), message);
    }
  }

  @Test
  void threadsShareOneLoss() throws Exception {
    List<Samples> batches = new ArrayList<>();
    List<Evaluation> alone = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try (CompiledLoss loss = compiled("CPU")) {
      for (int tokens = 1; tokens <= 40; tokens++) {
        Samples batch = batch(new Random(tokens), tokens);
        batches.add(batch);
        alone.add(loss.evaluate(batch));
      }
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int first = 5 * thread;
        work.add(
            () -> {
              for (int i = 0; i < 40; i++) {
                int at = (first + i) % 40;
                same(alone.get(at), loss.evaluate(batches.get(at)));
              }
              return true;
            });
      }
      for (var done : pool.invokeAll(work)) {
        assertTrue(done.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  private static Samples batch(Random random, int tokens) {
    return new SamplesBuilder(new int[] {tokens}, new int[] {0})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, random.doubles(tokens, -1, 1).toArray())
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, random.doubles(tokens, -1, 1).toArray())
        .build();
  }

  /** The same bits. */
  private static void same(Evaluation expected, Evaluation actual) {
    assertEquals(expected.value(), actual.value());
    assertArrayEquals(
        expected.gradients().get(Columns.LOG_PROB).get(),
        actual.gradients().get(Columns.LOG_PROB).get());
  }
}
