package lossmith.proofs.law;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.ops.Evaluation;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Ties;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;

/** What the softmax makes true of every objective. */
public final class SoftmaxLaws {
  private SoftmaxLaws() {}

  static Law zeroSum() {
    return new Law(
            "softmax-zero-sum",
            "the gradient with respect to the logits of a token sums to zero over the vocabulary",
            "Σ_v ∂L/∂z_v = 0",
            1e-12,
            "a closed form; only the sum is rounded",
            (subject, trial, tolerance) -> {
              Evaluation e = MeaningLaws.evaluation(subject, trial, Surface.LOGITS);
              double[] g = e.gradients().getOrElse(BoundLoss.LOGITS, new double[0]);
              BoundLoss bound = subject.bound(Surface.LOGITS);
              Evaluations known = subject.on(trial);
              double scale = MeaningLaws.scale(bound, BoundLoss.LOGITS, known);
              return List.range(0, g.length / Trials.WIDTH)
                  .flatMap(row -> sumsToZero(g, row, tolerance * scale * Trials.WIDTH));
            })
        .except(Trial.Kind.KINK);
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
              Grid logits = trial.samples().grid(BoundLoss.LOGITS).get();
              Grid moved =
                  new Grid(
                      logits.rows(), logits.width(), (row, v) -> logits.get(row, v) + 3 - row % 7);
              Trial shifted =
                  new Trial(
                      trial.seed(),
                      trial.kind(),
                      trial.samples().with(BoundLoss.LOGITS, moved),
                      trial.parameters());
              Evaluation left = MeaningLaws.evaluation(subject, trial, Surface.LOGITS);
              Evaluation right = MeaningLaws.evaluation(subject, shifted, Surface.LOGITS);
              BoundLoss bound = subject.bound(Surface.LOGITS);
              Evaluations known = subject.on(trial);
              double scale = known.scale(bound.value());
              return Violation.between("value", left.value(), right.value(), tolerance * scale)
                  .appendAll(
                      Violation.between(
                          "d/dlogits",
                          left.gradients().getOrElse(BoundLoss.LOGITS, new double[0]),
                          right.gradients().getOrElse(BoundLoss.LOGITS, new double[0]),
                          tolerance * MeaningLaws.scale(bound, BoundLoss.LOGITS, known)));
            })
        .on(Trial.Kind.ORDINARY);
  }

  static Law closed() {
    return new Law(
            "softmax-closed-form",
            "where the sampled token's log-probability is all that the gradient reaches, it spreads"
                + " over the logits as the score does (Entropy Collapse, eq 10, with its"
                + " temperature)",
            "∂L/∂z_v = ∂L/∂log π · (1[v = y] − π_v) / T",
            1e-9,
            "a closed form in other arithmetic",
            (subject, trial, tolerance) -> {
              BoundLoss statistics = subject.bound(Surface.STATISTICS);
              boolean alone =
                  statistics.gradients().keySet().equals(HashSet.of(Columns.LOG_PROB))
                      && subject.bound(Surface.LOGITS).gradients().containsKey(BoundLoss.LOGITS);
              if (!alone) {
                return List.empty();
              }
              Plain plain = new Plain(trial.samples(), trial.parameters());
              Evaluations known = subject.on(trial);
              double[] g = known.of(statistics.gradients().get(Columns.LOG_PROB).get());
              double[] expected = new double[g.length * Trials.WIDTH];
              double temperature = trial.parameters().getOrElse(Columns.TEMPERATURE, 1.0);
              for (int i = 0; i < expected.length; i++) {
                int t = i / Trials.WIDTH;
                int v = i % Trials.WIDTH;
                double hit = trial.samples().sampled().get()[t] == v ? 1 : 0;
                expected[i] = g[t] * (hit - Math.exp(plain.logPi(t, v))) / temperature;
              }
              BoundLoss bound = subject.bound(Surface.LOGITS);
              return Violation.between(
                  "d/dlogits",
                  known.of(bound.gradients().get(BoundLoss.LOGITS).get()),
                  expected,
                  tolerance * MeaningLaws.scale(bound, BoundLoss.LOGITS, known));
            })
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  public static Law relabelled() {
    return new Law(
            "vocabulary-permutation",
            "other numbers for the entries of the vocabulary change nothing but the order of the"
                + " gradient, as long as entries whose numbers are equal where they are ranked keep"
                + " their order, which decides between them",
            "L(σz, σy) = L(z, y)",
            1e-9,
            "another order of summation",
            (subject, trial, tolerance) -> {
              int[] label = labels(subject, trial);
              Trial other = relabelled(trial, label);
              BoundLoss bound = subject.bound(Surface.LOGITS);
              Reference left = new Reference(other.samples(), trial.parameters());
              Reference right = new Reference(trial.samples(), trial.parameters());
              Seq<Violation> value =
                  Violation.between(
                      "value",
                      left.number(bound.value()),
                      right.number(bound.value()),
                      tolerance * Scale.of(bound.value(), right));
              return bound
                  .gradients()
                  .get(BoundLoss.LOGITS)
                  .map(
                      g ->
                          value.appendAll(
                              moved(
                                  left.of(g), right.of(g), label, tolerance * Scale.of(g, right))))
                  .getOrElse(value);
            })
        .on(Trial.Kind.ORDINARY)
        .silentWhere(
            (subject, trial) ->
                Option.when(
                    orders(subject, trial).fixed(IntStream.range(0, Trials.WIDTH).toArray()),
                    "ties among what is ranked leave the entries no other order"));
  }

  /** The orders of the entries in which ties inside a row keep theirs. */
  private static Rearrangement orders(Subject subject, Trial trial) {
    Seq<int[]> ties =
        Ties.of(subject, trial)
            .filter(tie -> tie.level() == Level.Name.VOCABULARY)
            .map(Ties.Tie::members)
            .flatMap(
                members ->
                    IntStream.range(0, trial.samples().tokens())
                        .mapToObj(
                            row ->
                                Arrays.stream(members)
                                    .filter(i -> i / Trials.WIDTH == row)
                                    .toArray())
                        .toList());
    return new Rearrangement(Trials.WIDTH).keeping(ties, i -> i % Trials.WIDTH);
  }

  /** The new number of each entry. */
  private static int[] labels(Subject subject, Trial trial) {
    int[] order = orders(subject, trial).draw(new Random(trial.seed()));
    int[] label = new int[order.length];
    for (int at = 0; at < order.length; at++) {
      label[order[at]] = at;
    }
    return label;
  }

  private static Seq<Violation> moved(double[] left, double[] right, int[] label, double allowed) {
    double[] expected = new double[right.length];
    for (int i = 0; i < right.length; i++) {
      expected[i - i % Trials.WIDTH + label[i % Trials.WIDTH]] = right[i];
    }
    return Violation.between("d/dlogits", left, expected, allowed);
  }

  private static Trial relabelled(Trial trial, int[] label) {
    Samples samples = trial.samples();
    int[] back = new int[Trials.WIDTH];
    for (int v = 0; v < back.length; v++) {
      back[label[v]] = v;
    }
    Samples all = Batches.relabelled(samples, v -> label[v]);
    for (String name : samples.grids()) {
      Grid grid = samples.grid(name).get();
      all = all.with(name, new Grid(grid.rows(), grid.width(), (row, v) -> grid.get(row, back[v])));
    }
    return new Trial(trial.seed(), trial.kind(), all, trial.parameters());
  }
}
