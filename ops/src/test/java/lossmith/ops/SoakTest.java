package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import org.junit.jupiter.api.Test;

/**
 * Native memory stays where it is over many steps of changing shape: {@code lossmith.cases} steps,
 * 10,000 of them under {@code -Plong}. A step that kept its logits would hold 250 KiB more, so that
 * the bound of 32 MiB over 10,000 steps is passed by anything above 3 KiB a step.
 */
final class SoakTest {
  private static final int STEPS = Integer.getInteger("lossmith.cases", 200);
  private static final int WIDTH = 1024;
  private static final double BOUND = 32;
  private static final Path STATUS = Path.of("/proc/self/status");

  private static Loss loss() {
    return Terms.maximise(Terms.ratio().mean(Over.TOKENS).mean(Over.ALL_SEQUENCES))
        .plus(Terms.maximise(Terms.entropy().mean(Over.ALL_TOKENS)).as("bonus"));
  }

  /** Resident memory without the Java heap, in MiB. */
  private static double resident() throws IOException {
    System.gc();
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        double kib = Double.parseDouble(line.replaceAll("\\D", ""));
        return kib / 1024 - Runtime.getRuntime().totalMemory() / 1024.0 / 1024;
      }
    }
    throw new IOException("no VmRSS in " + STATUS);
  }

  private static Samples batch(int tokens) {
    Random random = new Random(tokens);
    return new SamplesBuilder(new int[] {tokens - 3, 3}, new int[] {0, 0})
        .chosen(random.ints(tokens, 0, WIDTH).toArray())
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, random.doubles(tokens, -8, -6).toArray())
        .grid(Bound.LOGITS, Grid.of(random.doubles((long) tokens * WIDTH, -2, 2).toArray(), WIDTH))
        .build();
  }

  private static void step(CompiledLoss compiled, FusedLoss fused, Samples samples) {
    Evaluation whole = compiled.evaluate(samples, HashMap.empty());
    try (Matrix logits = Matrix.of(Precision.FLOAT64, samples.grid(Bound.LOGITS).get());
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, samples.tokens(), WIDTH)) {
      Evaluation rows =
          fused.evaluate(
              samples.without(Bound.LOGITS),
              new Policy.Logits(logits, HashMap.empty(), gradient),
              HashMap.empty());
      assertTrue(Math.abs(whole.value() - rows.value()) < 1e-12);
    }
  }

  @Test
  void nativeMemoryIsFlat() throws IOException {
    assumeTrue(Files.isReadable(STATUS), "resident memory is read from " + STATUS);
    Samples[] batches = new Samples[16];
    for (int i = 0; i < batches.length; i++) {
      batches[i] = batch(5 + 2 * i);
    }
    try (CompiledLoss compiled =
            CompiledLoss.compile(
                loss(),
                Surface.LOGITS,
                Precision.FLOAT64,
                "CPU",
                batches[0].columns().add(Bound.LOGITS));
        FusedLoss fused =
            FusedLoss.logits(loss(), Precision.FLOAT64, WIDTH, batches[0].columns(), 8)) {
      int warm = Math.max(100, STEPS / 10);
      for (int i = 0; i < warm; i++) {
        step(compiled, fused, batches[i % batches.length]);
      }
      double before = resident();
      for (int i = 0; i < STEPS; i++) {
        step(compiled, fused, batches[i * 7 % batches.length]);
      }
      double after = resident();
      System.out.printf(
          Locale.ROOT,
          "resident memory without the heap: %.1f MiB, after %d steps %.1f MiB%n",
          before,
          STEPS,
          after);
      assertTrue(after - before < BOUND, before + " MiB, then " + after + " MiB");
    }
  }
}
