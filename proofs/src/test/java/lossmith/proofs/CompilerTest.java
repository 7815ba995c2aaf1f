package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.ops.Compile;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Precision;
import lossmith.proofs.trial.RandomSamples;
import lossmith.proofs.trial.RandomTerms;
import org.junit.jupiter.api.Test;

/** TensorFlow against the reference, value and gradient, on random objectives and samples. */
final class CompilerTest {
  private static final int CASES = Integer.getInteger("lossmith.cases", 200) / 4;

  @Test
  void statisticsAgreeInDoublePrecision() {
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, false).objective());
      agree(seed, loss, Surface.STATISTICS, RandomSamples.of(random, 0.6));
    }
  }

  @Test
  void logitsAgreeInDoublePrecision() {
    for (long seed = 1; seed <= CASES / 2; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, true).objective());
      agree(seed, loss, Surface.LOGITS, RandomSamples.of(random, 0.6));
    }
  }

  @Test
  void clippedSurrogatesAreFiniteAtExtremesInBothPrecisions() {
    for (long seed = 1; seed <= CASES / 2; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, false).clippedSurrogate());
      Samples samples = RandomSamples.of(random, 1e4);
      agree(seed, loss, Surface.STATISTICS, samples);
      try (CompiledLoss compiled = Compile.of(loss.training()).statistics()) {
        Evaluation evaluation = compiled.evaluate(samples);
        assertTrue(Double.isFinite(evaluation.value()), "value, seed " + seed);
        for (double[] gradient : evaluation.gradients().values()) {
          assertTrue(Arrays.stream(gradient).allMatch(Double::isFinite), "gradient, seed " + seed);
        }
      }
    }
  }

  private static void agree(long seed, Loss loss, Surface surface, Samples samples) {
    BoundLoss bound = BoundLoss.of(loss, surface, samples.columns().addAll(samples.grids()));
    Reference reference = new Reference(samples, HashMap.empty());
    try (CompiledLoss compiled = CompiledLoss.of(bound, Precision.FLOAT64, "CPU")) {
      Evaluation evaluation = compiled.evaluate(samples);
      double value = reference.number(bound.value());
      assertEquals(value, evaluation.value(), 1e-9 * Math.max(1, Math.abs(value)), "seed " + seed);
      for (String input : bound.gradients().keySet()) {
        Node gradient = bound.gradients().get(input).get();
        double[] expected = reference.of(gradient);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        double[] actual = evaluation.gradients().get(input).get();
        for (int i = 0; i < expected.length; i++) {
          String what = "d/d" + input + "[" + i + "], seed " + seed;
          assertEquals(expected[i], actual[i], 1e-9 * Math.max(1e-3, largest), what);
        }
      }
    }
  }
}
