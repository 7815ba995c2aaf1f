package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/**
 * Native memory and native handles stay where they are over many steps of changing shape on all
 * surfaces: twice {@code lossmith.cases} steps, 20,000 of them under {@code -Plong}, in a process
 * of their own (see the pom).
 *
 * <p>Memory is read before and after each of five stretches. A reading may lie some MiB too high,
 * where something is freed a little later, never too low: so the least of the last three readings
 * is held against the least of the first three. A step that kept its logits would put 9 MiB between
 * them, and over 20,000 steps anything above 90 bytes a step passes the bound.
 */
final class SoakTest {
  private static final int STEPS = 2 * Integer.getInteger("lossmith.cases", 200);
  private static final int WIDTH = 256;
  private static final int STRETCHES = 5;

  /** MiB that may lie between the least of the first and the least of the last readings. */
  private static final double BOUND = 1;

  /** Handles that may come and go; a step that kept one would keep hundreds. */
  private static final long SPARE = 50;

  private static Loss loss() {
    return Terms.maximise(Terms.ratio().mean(Over.TOKENS).mean(Over.ALL_SEQUENCES))
        .plus(Terms.maximise(Terms.entropy().mean(Over.ALL_TOKENS)).as("bonus"));
  }

  /**
   * What stays allocated in native memory, in MiB: the least of one second, for what a collection
   * frees is freed a little later, and the just-in-time compiler allocates for as long as it works.
   */
  private static double allocated() throws InterruptedException {
    double least = Double.POSITIVE_INFINITY;
    for (int reading = 0; reading < 20; reading++) {
      System.gc();
      Thread.sleep(50);
      NativeMemory.Info info = NativeMemory.LIBRARY.mallinfo2();
      least = Math.min(least, (info.uordblks + info.hblkhd) / 1024.0 / 1024);
    }
    return least;
  }

  private static Samples batch(int tokens) {
    Random random = new Random(tokens);
    return new SamplesBuilder(new int[] {tokens - 3, 3}, new int[] {0, 0})
        .sampled(random.ints(tokens, 0, WIDTH).toArray())
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, random.doubles(tokens, -8, -6).toArray())
        .grid(
            BoundLoss.LOGITS,
            Grid.of(random.doubles((long) tokens * WIDTH, -2, 2).toArray(), WIDTH))
        .build();
  }

  /** Hidden states that are the logits, under an output matrix that is the identity. */
  private static double overHidden(
      FusedLoss loss, Samples samples, Matrix logits, Matrix identity) {
    try (Matrix up = Matrix.zeros(Precision.FLOAT64, samples.tokens(), WIDTH);
        Matrix across = Matrix.zeros(Precision.FLOAT64, WIDTH, WIDTH)) {
      Policy policy =
          new Policy.Hidden(new Policy.Layer(logits, identity), new Policy.Layer(up, across));
      return loss.evaluate(samples.without(BoundLoss.LOGITS), policy).value();
    }
  }

  private static Matrix identity() {
    Matrix identity = Matrix.zeros(Precision.FLOAT64, WIDTH, WIDTH);
    for (int v = 0; v < WIDTH; v++) {
      double[] row = new double[WIDTH];
      row[v] = 1;
      identity.write(v, row);
    }
    return identity;
  }

  private static void step(
      CompiledLoss compiled, FusedLoss fused, FusedLoss hidden, Matrix identity, Samples samples) {
    Evaluation whole = compiled.evaluate(samples);
    try (Matrix logits = Matrix.of(Precision.FLOAT64, samples.grid(BoundLoss.LOGITS).get());
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, samples.tokens(), WIDTH)) {
      Evaluation rows =
          fused.evaluate(samples.without(BoundLoss.LOGITS), new Policy.Logits(logits, gradient));
      assertTrue(Math.abs(whole.value() - rows.value()) < 1e-12);
      double over = overHidden(hidden, samples, logits, identity);
      assertTrue(Math.abs(whole.value() - over) < 1e-12);
    }
  }

  @Test
  void nativeMemoryAndHandlesAreFlat() throws InterruptedException {
    assumeTrue(NativeMemory.isThere(), "the C library tells what is allocated");
    Samples[] batches = new Samples[16];
    for (int i = 0; i < batches.length; i++) {
      batches[i] = batch(5 + 2 * i);
    }
    try (CompiledLoss compiled = Compile.of(loss()).precision(Precision.FLOAT64).wholeLogits();
        FusedLoss fused =
            Compile.of(loss()).precision(Precision.FLOAT64).vocabulary(WIDTH).rows(8).logits();
        FusedLoss hidden =
            Compile.of(loss()).precision(Precision.FLOAT64).hidden(Head.of(WIDTH, WIDTH), 4 << 20);
        Matrix identity = identity()) {
      // The compilers allocate for some two hundred steps.
      int warm = Math.max(250, STEPS / 10);
      for (int i = 0; i < warm; i++) {
        step(compiled, fused, hidden, identity, batches[i % batches.length]);
      }
      double[] levels = new double[STRETCHES + 1];
      levels[0] = allocated();
      long handles = Pointer.totalCount();
      for (int i = 0; i < STEPS; i++) {
        step(compiled, fused, hidden, identity, batches[i * 7 % batches.length]);
        if ((i + 1) % (STEPS / STRETCHES) == 0) {
          levels[(i + 1) / (STEPS / STRETCHES)] = allocated();
        }
      }
      long more = Pointer.totalCount() - handles;
      String told = "native memory in MiB over " + STEPS + " steps: " + Arrays.toString(levels);
      System.out.printf("%s, handles %d and %d%n", told, handles, handles + more);
      assertTrue(more < SPARE, handles + " handles, then " + more + " more");
      double first = Arrays.stream(levels, 0, levels.length / 2).min().orElseThrow();
      double last = Arrays.stream(levels, levels.length / 2, levels.length).min().orElseThrow();
      assertTrue(last - first < BOUND, told);
    }
  }
}
