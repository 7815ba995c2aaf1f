package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Level;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Ties;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** What the order of a batch must not change. */
public final class BatchLaws {
  private BatchLaws() {}

  public static Law permutation() {
    return new Law(
            "permutation",
            "the order of the sequences and the order of the prompts change nothing but the order"
                + " of the gradient, as long as those whose numbers are equal where they are ranked"
                + " keep theirs, which decides between them",
            "L(σx) = L(x), ∇L(σx) = σ∇L(x)",
            1e-9,
            "another order of summation",
            (subject, trial, tolerance) ->
                MeaningLaws.surfaces(trial, s -> permuted(subject, trial, s, tolerance)))
        .on(Trial.Kind.ORDINARY)
        .silentWhere(
            (subject, trial) ->
                Option.when(
                    fixed(subject, trial),
                    "ties among what is ranked leave its responses no other order"));
  }

  private static boolean fixed(Subject subject, Trial trial) {
    Samples samples = trial.samples();
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    Seq<Ties.Tie> ties = Ties.of(subject, trial);
    return ties.nonEmpty()
        && rearrangement(samples, ties, Level.Name.SEQUENCE)
            .fixed(Arrays.stream(of).distinct().toArray());
  }

  /** The orders of sequences, or of groups, in which ties keep theirs. */
  private static Rearrangement rearrangement(Samples samples, Seq<Ties.Tie> ties, Level.Name unit) {
    Rearrangement orders = new Rearrangement(samples.size(unit));
    for (Ties.Tie tie : ties) {
      Level.Name level = tie.level() == Level.Name.VOCABULARY ? Level.Name.TOKEN : tie.level();
      int width = tie.level() == Level.Name.VOCABULARY ? samples.vocabulary() : 1;
      boolean above = unit.finerThan(level);
      boolean numbered = unit != Level.Name.GROUP || level == Level.Name.GROUP;
      if (!above && numbered) {
        Rearrangement unused =
            orders.keeping(List.of(tie.members()), i -> samples.parent(level, i / width, unit));
      }
    }
    return orders;
  }

  private static Seq<Violation> permuted(
      Subject subject, Trial trial, Surface surface, double tolerance) {
    Samples samples = trial.samples();
    Random random = new Random(trial.seed());
    Seq<Ties.Tie> ties = Ties.of(subject, trial);
    int[] order = rearrangement(samples, ties, Level.Name.SEQUENCE).draw(random);
    int[] groups = places(rearrangement(samples, ties, Level.Name.GROUP).draw(random));
    Samples moved = Batches.regrouped(Batches.of(samples, order), groups);
    Trial other = new Trial(trial.seed(), trial.kind(), moved, trial.parameters());
    int[] tokens = Batches.tokens(samples, order);
    Evaluation left = MeaningLaws.evaluation(subject, other, surface);
    Evaluation right = MeaningLaws.evaluation(subject, trial, surface);
    BoundLoss bound = subject.bound(surface);
    Evaluations known = subject.on(trial);
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

  /** Where each thing of an order comes. */
  private static int[] places(int[] order) {
    int[] places = new int[order.length];
    for (int at = 0; at < order.length; at++) {
      places[order[at]] = at;
    }
    return places;
  }

  private static double[] moved(double[] rows, int[] tokens, int count) {
    int width = rows.length / Math.max(1, count);
    return Arrays.stream(tokens)
        .boxed()
        .flatMapToDouble(t -> Arrays.stream(rows, t * width, (t + 1) * width))
        .toArray();
  }
}
