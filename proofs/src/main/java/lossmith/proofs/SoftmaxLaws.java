package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.reference.Reference;
import lossmith.ops.Evaluation;

/** What the softmax makes true of every objective. */
final class SoftmaxLaws {
  private SoftmaxLaws() {}

  static Law zeroSum() {
    return new Law(
        "softmax-zero-sum",
        "the gradient with respect to the logits of a token sums to zero over the vocabulary",
        "Σ_v ∂L/∂z_v = 0",
        1e-12,
        "a closed form; only the sum is rounded",
        (subject, trial, tolerance) -> {
          if (trial.kind() == Trial.Kind.KINK) {
            return List.empty();
          }
          Evaluation e = MeaningLaws.evaluation(subject, trial, Surface.LOGITS);
          double[] g = e.gradients().getOrElse(Bound.LOGITS, new double[0]);
          Bound bound = subject.bound(Surface.LOGITS);
          Reference reference = new Reference(trial.samples(), trial.settings());
          double scale = MeaningLaws.scale(bound, Bound.LOGITS, reference);
          return List.range(0, g.length / Trials.WIDTH)
              .flatMap(row -> sumsToZero(g, row, tolerance * scale * Trials.WIDTH));
        });
  }

  private static Seq<Violation> sumsToZero(double[] g, int row, double allowed) {
    double sum = 0;
    for (int v = 0; v < Trials.WIDTH; v++) {
      sum += g[row * Trials.WIDTH + v];
    }
    return Violation.between("Σ over the vocabulary at token " + row, sum, 0, allowed);
  }

  static Law shift() {
    return new Law(
        "softmax-shift",
        "a number added to all logits of a token changes nothing",
        "L(z + c) = L(z)",
        1e-9,
        "logits near 1 shifted by 3 lose two bits",
        (subject, trial, tolerance) -> {
          if (trial.kind() != Trial.Kind.ORDINARY) {
            return List.empty();
          }
          Grid logits = trial.samples().grid(Bound.LOGITS).get();
          Grid moved =
              new Grid(logits.rows(), logits.width(), (row, v) -> logits.get(row, v) + 3 - row % 7);
          Trial shifted =
              new Trial(
                  trial.seed(),
                  trial.kind(),
                  trial.samples().with(Bound.LOGITS, moved),
                  trial.settings());
          Evaluation left = MeaningLaws.evaluation(subject, trial, Surface.LOGITS);
          Evaluation right = MeaningLaws.evaluation(subject, shifted, Surface.LOGITS);
          Bound bound = subject.bound(Surface.LOGITS);
          Reference reference = new Reference(trial.samples(), trial.settings());
          double scale = Scale.of(bound.value(), reference);
          return Violation.between("value", left.value(), right.value(), tolerance * scale)
              .appendAll(
                  Violation.between(
                      "d/dlogits",
                      left.gradients().getOrElse(Bound.LOGITS, new double[0]),
                      right.gradients().getOrElse(Bound.LOGITS, new double[0]),
                      tolerance * MeaningLaws.scale(bound, Bound.LOGITS, reference)));
        });
  }
}
