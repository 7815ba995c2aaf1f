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
 * Whether the last bits of a case decide its result: two computed numbers that are equal but for
 * rounding are compared, and no two programs need agree. A result that is not finite is no matter
 * of rounding.
 */
final class RoundingDecides {
  private static final double SMALL = 1e-13;
  private static final double LARGE = 1e-6;

  private RoundingDecides() {}

  /** Places are moved in these patterns. */
  private static final int[] PATTERNS = {37, 53, 101, 23};

  /** Why a case is turned down: nothing that two programs compute of it need be the same. */
  static Option<String> against(Subject subject, Trial trial) {
    if (!Cases.finite(trial.samples())) {
      return Option.some("a statistic of the policy was not finite");
    }
    return Ties.undecided(subject, trial)
        .map(order -> "rounding decided the order of " + order)
        .orElse(
            () ->
                Option.when(
                    decides(subject, trial), "rounding decided between two sides of a kink"));
  }

  private static boolean decides(Subject subject, Trial trial) {
    if (trial.kind() == Trial.Kind.KINK) {
      return false; // decided without rounding
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

  /** What a number is moved by: a few of its last bits, another for each place. */
  static double nudge(double x, int place, int pattern) {
    return Double.isInfinite(x) ? 0 : SMALL * (1 + Math.abs(x)) * (place * pattern % 11 - 5);
  }

  /** The policy's numbers, each moved by about the last bits, no two alike. */
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
