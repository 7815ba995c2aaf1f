package lossmith.proofs.subject;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.trial.Trial;

/**
 * Tells whether rounding alone decides the result of a case: numbers that are equal but for
 * rounding are compared or ranked, so that two correct programs may disagree. Gradients that are
 * infinite or NaN are not examined.
 */
final class RoundingDecides {
  private static final double SMALL = 1e-13;
  private static final double LARGE = 1e-6;

  private RoundingDecides() {}

  /** Each number here gives another pattern of perturbations, and one more evaluation. */
  private static final int[] PATTERNS = {37, 53, 101, 23};

  /** Why a case is rejected, if it is: two correct programs may differ on it. */
  static Option<String> against(Subject subject, Trial trial) {
    if (!Cases.finite(trial.samples())) {
      return Option.some("a statistic of the policy was not finite");
    }
    return Ties.undecided(subject, trial)
        .map(order -> "rounding decided the order of " + order)
        .orElse(
            () ->
                Option.when(
                    decides(subject, trial),
                    "rounding decided which side of a kink (clip, min, max, comparison) was"
                        + " taken"));
  }

  private static boolean decides(Subject subject, Trial trial) {
    if (trial.kind() == Trial.Kind.KINK) {
      return false; // its ties are exact: no rounding is involved
    }
    Evaluations here = subject.on(trial);
    return Arrays.stream(PATTERNS)
        .mapToObj(pattern -> new Reference(moved(trial.samples(), pattern), trial.parameters()))
        .anyMatch(there -> decides(subject, here, there));
  }

  private static boolean decides(Subject subject, Evaluations here, Reference there) {
    for (Surface surface : Surface.values()) {
      BoundLoss bound = subject.bound(surface);
      for (var gradient : bound.gradients()) {
        double[] left = here.of(gradient._2);
        double allowed = LARGE * here.scale(gradient._2);
        boolean finite = Arrays.stream(left).allMatch(Double::isFinite);
        if (finite && Violation.between("", left, there.of(gradient._2), allowed).nonEmpty()) {
          return true;
        }
      }
      for (var metric : bound.metrics()) {
        double number = here.number(metric._2);
        if (Math.abs(number - there.number(metric._2)) > LARGE * Math.abs(number)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The perturbation of a number: up to 5e-13 · (1 + |x|), different at neighbouring places. */
  static double nudge(double x, int place, int pattern) {
    return Double.isInfinite(x) ? 0 : SMALL * (1 + Math.abs(x)) * (place * pattern % 11 - 5);
  }

  /** The samples with log-probs, entropies and logits perturbed by {@link #nudge}. */
  static Samples moved(Samples samples, int pattern) {
    Samples all = samples;
    for (String name : new String[] {Columns.LOG_PROB, Columns.ENTROPY}) {
      double[] values = samples.column(name).get();
      double[] other = new double[values.length];
      Arrays.setAll(other, t -> values[t] + nudge(values[t], t, pattern));
      all = all.with(name, Level.Name.TOKEN, other);
    }
    Grid logits = samples.grid(BoundLoss.LOGITS).get();
    int width = logits.width();
    return all.with(
        BoundLoss.LOGITS,
        new Grid(
            logits.rows(),
            width,
            (row, v) -> logits.get(row, v) + nudge(logits.get(row, v), row * width + v, pattern)));
  }
}
