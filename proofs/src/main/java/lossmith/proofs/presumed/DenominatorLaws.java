package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** What may be left out of a batch, or cut off it, without changing what the rest is divided by. */
public final class DenominatorLaws {
  private DenominatorLaws() {}

  public static Law masked(Claim.Masked claim) {
    return new Law(
        "masked",
        "the batch without the tokens whose "
            + claim.column()
            + " is 0 has the same loss and the"
            + " same gradient",
        "L(x) = L(x where " + claim.column() + " = 1), ∂L/∂x = 0 elsewhere",
        1e-9,
        "another order of summation",
        (subject, trial, tolerance) -> {
          Samples samples = trial.samples();
          double[] mask = samples.column(claim.column()).get();
          int[] all = IntStream.range(0, samples.size(Level.Name.SEQUENCE)).toArray();
          int[] kept = IntStream.range(0, mask.length).filter(t -> mask[t] != 0).toArray();
          Trial rest = with(trial, Batches.of(samples, all, kept));
          BoundLoss bound = subject.bound(Surface.STATISTICS);
          return value(bound, trial, List.of(rest), tolerance)
              .appendAll(gradients(bound, trial, List.of(rest), List.of(kept), tolerance));
        });
  }

  public static Law additive() {
    return new Law(
        "additive",
        "the losses and gradients of micro-batches of whole prompts add up to those of the batch",
        "L(x ∪ y) = L(x) + L(y)",
        1e-9,
        "another order of summation",
        (subject, trial, tolerance) -> {
          BoundLoss bound = subject.bound(Surface.STATISTICS);
          Seq<int[]> sides = halves(trial.samples());
          return value(bound, trial, parts(trial, sides), tolerance)
              .appendAll(additive(bound, trial, tolerance));
        });
  }

  /** Where the gradients of micro-batches of whole prompts do not add up to that of the batch. */
  static Seq<Violation> additive(BoundLoss bound, Trial trial, double tolerance) {
    Seq<int[]> sides = halves(trial.samples());
    return gradients(
        bound,
        trial,
        parts(trial, sides),
        sides.map(side -> Batches.tokens(trial.samples(), side)),
        tolerance);
  }

  /** The responses to the first half of the prompts, and those to the others. */
  private static Seq<int[]> halves(Samples samples) {
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int half = samples.size(Level.Name.GROUP) / 2;
    return List.of(true, false)
        .map(
            side ->
                IntStream.range(0, groups.length).filter(s -> groups[s] < half == side).toArray())
        .filter(s -> s.length > 0);
  }

  private static Seq<Trial> parts(Trial trial, Seq<int[]> sides) {
    return sides.map(side -> with(trial, Batches.of(trial.samples(), side)));
  }

  private static Trial with(Trial trial, Samples samples) {
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }

  private static Seq<Violation> value(
      BoundLoss bound, Trial whole, Seq<Trial> pieces, double tolerance) {
    Reference reference = new Reference(whole.samples(), whole.parameters());
    Node value = bound.value();
    double sum =
        pieces
            .map(piece -> new Reference(piece.samples(), piece.parameters()).number(value))
            .sum()
            .doubleValue();
    return Violation.between(
        "value, of the batch and of the rest",
        reference.number(value),
        sum,
        tolerance * Scale.of(value, reference));
  }

  private static Seq<Violation> gradients(
      BoundLoss bound, Trial whole, Seq<Trial> pieces, Seq<int[]> tokens, double tolerance) {
    Reference reference = new Reference(whole.samples(), whole.parameters());
    return bound
        .gradients()
        .filterKeys(Columns.LOG_PROB::equals)
        .toList()
        .flatMap(
            gradient -> {
              double[] all = new double[whole.samples().tokens()];
              pieces
                  .map(piece -> new Reference(piece.samples(), piece.parameters()).of(gradient._2))
                  .zip(tokens)
                  .forEach(piece -> scatter(piece._1, piece._2, all));
              return Violation.between(
                  "d/d" + gradient._1,
                  reference.of(gradient._2),
                  all,
                  tolerance * Scale.of(gradient._2, reference));
            });
  }

  private static void scatter(double[] values, int[] tokens, double[] into) {
    Arrays.setAll(values, i -> into[tokens[i]] = values[i]);
  }
}
