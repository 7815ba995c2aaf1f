package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import lossmith.dsl.Level;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Rowwise;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Accumulation over micro-batches is exact, however the batch is cut. */
public final class WindowLaws {
  private WindowLaws() {}

  static Law window() {
    return new Law(
            "micro-batches",
            "micro-batches in any order, cut between any two tokens, accumulate to the value, the"
                + " metrics and the gradient of the whole; two cuts give the same bits",
            "L(⊕ pieces) = L, ∇L(⊕ pieces) = ∇L",
            1e-9,
            "another order of summation than in the batch as it came; none between two cuts",
            (subject, trial, tolerance) ->
                violations(subject, trial, tolerance, subject.rowwise()::pieces))
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  /** The places where accumulating pieces in some way differs from the whole. */
  public static Seq<Violation> violations(
      Subject subject,
      Trial trial,
      double tolerance,
      BiFunction<Trial, Seq<Rowwise.Cut>, Evaluation> pieces) {
    Random random = new Random(trial.seed());
    Evaluation whole = subject.on(trial).rows();
    Evaluation first = pieces.apply(trial, cuts(trial.samples(), random));
    Evaluation second = pieces.apply(trial, cuts(trial.samples(), random));
    BoundLoss bound = subject.bound(Surface.LOGITS);
    Evaluations known = subject.on(trial);
    double scale = tolerance * known.scale(bound.value());
    double slope = tolerance * MeaningLaws.scale(bound, BoundLoss.LOGITS, known);
    Seq<Violation> metrics =
        List.ofAll(bound.metrics())
            .flatMap(
                metric -> {
                  double allowed = tolerance * known.scale(metric._2);
                  double left = first.metrics().get(metric._1).get();
                  double right = whole.metrics().get(metric._1).get();
                  return Violation.between(metric._1, left, right, allowed)
                      .appendAll(
                          Violation.between(
                              metric._1 + " of two cuts",
                              left,
                              second.metrics().get(metric._1).get(),
                              0));
                });
    double[] gradient = gradient(first);
    return metrics
        .appendAll(Violation.between("value", first.value(), whole.value(), scale))
        .appendAll(Violation.between("value of two cuts", first.value(), second.value(), 0))
        .appendAll(Violation.between("d/dlogits", gradient, gradient(whole), slope))
        .appendAll(Violation.between("d/dlogits of two cuts", gradient, gradient(second), 0));
  }

  /** Pieces of a case, the same for the same seed. */
  static Seq<Rowwise.Cut> cuts(Trial trial) {
    return cuts(trial.samples(), new Random(trial.seed()));
  }

  private static double[] gradient(Evaluation evaluation) {
    return evaluation.gradients().get(BoundLoss.LOGITS).get();
  }

  private static Seq<Rowwise.Cut> cuts(Samples samples, Random random) {
    int count = 1 + random.nextInt(3);
    int[] tokens = random.ints(samples.tokens(), 0, count).toArray();
    int filled = tokens.length == 0 ? 0 : tokens[0];
    int[] empty = new int[samples.size(Level.Name.SEQUENCE)];
    Arrays.fill(empty, filled); // a piece that is there
    Seq<Rowwise.Cut> cuts = Rowwise.cuts(samples, tokens, empty, count);
    return random.nextBoolean() ? cuts : cuts.reverse();
  }
}
