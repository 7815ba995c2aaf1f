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
import lossmith.proofs.subject.Subject;
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
          return pieces(subject, trial, List.of(rest), List.of(kept), tolerance);
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
          Samples samples = trial.samples();
          int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
          int half = samples.size(Level.Name.GROUP) / 2;
          List<int[]> sides =
              List.of(true, false)
                  .map(
                      side ->
                          IntStream.range(0, groups.length)
                              .filter(s -> groups[s] < half == side)
                              .toArray())
                  .filter(s -> s.length > 0);
          return pieces(
              subject,
              trial,
              sides.map(s -> with(trial, Batches.of(samples, s))),
              sides.map(s -> Batches.tokens(samples, s)),
              tolerance);
        });
  }

  private static Trial with(Trial trial, Samples samples) {
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }

  private static Seq<Violation> pieces(
      Subject subject, Trial whole, Seq<Trial> pieces, Seq<int[]> tokens, double tolerance) {
    BoundLoss bound = subject.bound(Surface.STATISTICS);
    Reference reference = new Reference(whole.samples(), whole.parameters());
    Seq<Reference> parts = pieces.map(p -> new Reference(p.samples(), p.parameters()));
    Node value = bound.value();
    double sum = parts.map(p -> p.number(value)).sum().doubleValue();
    Seq<Violation> found =
        Violation.between(
            "value, of the batch and of the rest",
            reference.number(value),
            sum,
            tolerance * Scale.of(value, reference));
    for (var gradient : bound.gradients().filterKeys(Columns.LOG_PROB::equals)) {
      double[] all = new double[whole.samples().tokens()];
      parts.zip(tokens).forEach(p -> scatter(p._1.of(gradient._2), p._2, all));
      double scale = Scale.of(gradient._2, reference);
      found =
          found.appendAll(
              Violation.between(
                  "d/d" + gradient._1, reference.of(gradient._2), all, tolerance * scale));
    }
    return found;
  }

  private static void scatter(double[] values, int[] tokens, double[] into) {
    Arrays.setAll(values, i -> into[tokens[i]] = values[i]);
  }
}
