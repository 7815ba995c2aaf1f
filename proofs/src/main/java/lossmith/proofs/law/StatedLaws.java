package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.stated.Statement;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** The objective is the published one. */
final class StatedLaws {
  private static final double STEP = 1e-4;
  private static final int DIRECTIONS = 4;

  /** What rounding of the summands becomes in a difference over h. */
  private static final double ROUNDING = 1e-11;

  /** What a difference of doubles no longer sees. */
  private static final double VANISHING = 1e-200;

  private StatedLaws() {}

  static Law stated(Statement statement) {
    return new Law(
            "stated",
            "value and gradient are those of the published formula, written a second time as loops"
                + " over plain numbers, away from kinks",
            "L(z) = ℓ(z; sg z), ⟨∇L, v⟩ = (ℓ(z + hv; z) − ℓ(z − hv; z)) / 2h",
            1e-6,
            "fourth-order differences with h = 1e-4 are good to 1e-8; the values agree to 1e-9",
            (subject, trial, tolerance) -> compared(statement, subject, trial, tolerance))
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  private static Seq<Violation> compared(
      Statement statement, Subject subject, Trial trial, double tolerance) {
    BoundLoss bound = subject.bound(Surface.LOGITS);
    Evaluations known = subject.on(trial);
    Plain here = new Plain(trial.samples(), trial.parameters());
    double value = statement.loss(here, here);
    double added = known.scale(bound.value());
    Seq<Violation> found =
        Violation.between(
            "value", known.number(bound.value()), value, 1e-9 * Math.max(Math.abs(value), added));
    Random random = new Random(trial.seed());
    for (String trained : subject.loss().trains()) {
      String input = trained.equals(Loss.POLICY) ? BoundLoss.LOGITS : trained;
      double[] g =
          bound
              .gradients()
              .get(input)
              .map(known::of)
              .getOrElse(() -> new double[values(trial.samples(), input).length]);
      Slopes slopes = new Slopes(statement, trial, here, input);
      found =
          found.appendAll(
              directions(
                  slopes,
                  g,
                  Math.max(Math.abs(value), ROUNDING / tolerance * added),
                  random,
                  tolerance));
    }
    return found;
  }

  private static Seq<Violation> directions(
      Slopes slopes, double[] g, double least, Random random, double tolerance) {
    Seq<Violation> found = List.empty();
    double size = Arrays.stream(g).map(Math::abs).max().orElse(0);
    for (int k = 0; k < DIRECTIONS && g.length > 0; k++) {
      double[] v = new double[g.length];
      if (k < DIRECTIONS - 1) {
        v[random.nextInt(v.length)] = 1;
      } else {
        Arrays.setAll(v, i -> random.nextGaussian());
      }
      double whole = slopes.along(v, STEP);
      double half = slopes.along(v, STEP / 2);
      double scale = Math.max(Math.max(size, VANISHING), Math.max(least, Math.abs(whole)));
      if (Math.abs(whole - half) <= 1e-7 * scale) {
        double along = 0;
        for (int i = 0; i < g.length; i++) {
          along += g[i] * v[i];
        }
        String where = "⟨d/d" + slopes.input() + ", v" + k + "⟩";
        found = found.appendAll(Violation.between(where, along, whole, tolerance * scale));
      }
    }
    return found;
  }

  /** The numbers of an input, of a grid row by row. */
  private static double[] values(Samples samples, String input) {
    return samples
        .column(input)
        .getOrElse(
            () -> {
              Grid grid = samples.grid(input).get();
              double[] all = new double[grid.rows() * grid.width()];
              Arrays.setAll(all, i -> grid.get(i / grid.width(), i % grid.width()));
              return all;
            });
  }

  /** The slopes of a statement in one input, what it holds left where it is. */
  private record Slopes(Statement statement, Trial trial, Plain detached, String input) {
    /** ⟨∇ℓ, v⟩ to the fourth order in h. */
    double along(double[] v, double h) {
      return (8 * (at(v, h) - at(v, -h)) - (at(v, 2 * h) - at(v, -2 * h))) / (12 * h);
    }

    private double at(double[] v, double x) {
      Samples samples = trial.samples();
      double[] moved = values(samples, input);
      Arrays.setAll(moved, i -> moved[i] + x * v[i]);
      Samples there =
          samples
              .level(input)
              .map(level -> samples.with(input, level, moved))
              .getOrElse(
                  () -> samples.with(input, Grid.of(moved, samples.grid(input).get().width())));
      return statement.loss(new Plain(there, trial.parameters()), detached);
    }
  }
}
