package lossmith.proofs;

import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;

/** What the order of a batch must not change. */
final class BatchLaws {
  private BatchLaws() {}

  static Law permutation() {
    return new Law(
            "permutation",
            "the order of the sequences and the order of the prompts change nothing but the order"
                + " of the gradient, where no tie between ranks is broken by place",
            "L(σx) = L(x), ∇L(σx) = σ∇L(x)",
            1e-9,
            "another order of summation",
            (subject, trial, tolerance) ->
                MeaningLaws.surfaces(trial, s -> permuted(subject, trial, s, tolerance)))
        .on(Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> permuted(
      Subject subject, Trial trial, Surface surface, double tolerance) {
    Samples samples = trial.samples();
    Random random = new Random(trial.seed());
    int[] order = shuffled(random, samples.size(Level.Name.SEQUENCE));
    int[] groups = shuffled(random, samples.size(Level.Name.GROUP));
    Samples moved = Batches.regrouped(Batches.of(samples, order), groups);
    Trial other = new Trial(trial.seed(), trial.kind(), moved, trial.settings());
    int[] tokens = Batches.tokens(samples, order);
    Evaluation left = MeaningLaws.evaluation(subject, other, surface);
    Evaluation right = MeaningLaws.evaluation(subject, trial, surface);
    Bound bound = subject.bound(surface);
    Known known = subject.on(trial);
    double scale = tolerance * known.scale(bound.value());
    Seq<Violation> found =
        Violation.between("value at " + surface, left.value(), right.value(), scale);
    for (var gradient : bound.gradients()) {
      Level.Name level = gradient._2.level();
      if (level != Level.Name.TOKEN && level != Level.Name.VOCABULARY) {
        continue;
      }
      double[] expected = moved(right.gradients().get(gradient._1).get(), tokens, samples.tokens());
      found =
          found.appendAll(
              Violation.between(
                  "d/d" + gradient._1 + " at " + surface,
                  left.gradients().get(gradient._1).get(),
                  expected,
                  tolerance * MeaningLaws.scale(bound, gradient._1, known)));
    }
    return found;
  }

  private static int[] shuffled(Random random, int size) {
    var order = IntStream.range(0, size).boxed().collect(Collectors.toList());
    Collections.shuffle(order, random);
    return order.stream().mapToInt(i -> i).toArray();
  }

  private static double[] moved(double[] rows, int[] tokens, int count) {
    int width = rows.length / Math.max(1, count);
    return Arrays.stream(tokens)
        .boxed()
        .flatMapToDouble(t -> Arrays.stream(rows, t * width, (t + 1) * width))
        .toArray();
  }
}
