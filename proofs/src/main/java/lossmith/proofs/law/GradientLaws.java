package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.FrozenStops;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** The gradient is the gradient: by two oracles that know nothing of our derivative. */
public final class GradientLaws {
  /** Of how many roundings of its summands a quotient of four values is off at most. */
  private static final int ROUNDINGS = 16;

  private static final double STEP = 1e-4;
  private static final int DIRECTIONS = 3;
  private static final double RANGE = 1e60;

  /** Somewhat less than e^700, at which an exponential is saturated. */
  private static final double SATURATED = 1e303;

  private static final double THOUSANDS = 1e3;
  private static final double MILLION = 1e6;

  private GradientLaws() {}

  static Law centralDifference() {
    return new Law(
            "central-difference",
            "the gradient is the central difference of the value, stop-gradients constant, away"
                + " from kinks",
            "⟨∇L, v⟩ = (L(x + hv) − L(x − hv)) / 2h",
            1e-6,
            "fourth-order differences with h = 1e-4 are good to 1e-8, beside the rounding of what"
                + " the value adds up, over h; where h and h/2 disagree by more than 1e-7 there is"
                + " a kink, and no oracle",
            (subject, trial, tolerance) ->
                MeaningLaws.surfaces(trial, s -> differences(subject, trial, s, tolerance)))
        .except(Trial.Kind.EXTREME, Trial.Kind.KINK);
  }

  static Law automatic() {
    return new Law(
            "automatic",
            "the gradient is the one that TensorFlow derives from its own operations, away from"
                + " kinks and extremes",
            "∇L = addGradients(L)",
            1e-9,
            "both run in float64 on the same forward graph",
            (subject, trial, tolerance) ->
                MeaningLaws.surfaces(trial, s -> automatic(subject, trial, s, tolerance)))
        .on(Trial.Kind.ORDINARY);
  }

  public static Law finite() {
    return new Law(
        "finite",
        "value, parts, metrics and gradient are finite on every finite input, with logits at −inf"
            + " where they were not sampled",
        "|L| < ∞, |∇L| < ∞",
        0,
        "nothing is rounded",
        (subject, trial, tolerance) ->
            MeaningLaws.surfaces(
                trial,
                surface -> {
                  Evaluation e = MeaningLaws.evaluation(subject, trial, surface);
                  Map<String, double[]> all = e.gradients().put("value", new double[] {e.value()});
                  all = e.metrics().foldLeft(all, (m, x) -> m.put(x._1, new double[] {x._2}));
                  Seq<Violation> found =
                      List.ofAll(all).flatMap(x -> infinite(x._1 + " at " + surface, x._2));
                  return found.isEmpty() || isAtTheEnd(subject, trial) ? List.empty() : found;
                }));
  }

  /**
   * Whether a ratio at its saturation, e^700, is multiplied by a log-ratio of some thousands: both
   * are of policies that no training reaches, and their product is at the end of the doubles.
   */
  private static boolean isAtTheEnd(Subject subject, Trial trial) {
    Evaluations known = subject.on(trial);
    return Graph.only(
            Node.Binary.class, Graph.below(subject.bound(Surface.LOGITS).parts().values()))
        .filter(product -> product.op() == BinaryOp.TIMES)
        .exists(product -> isAtTheEnd(known.of(product.left()), known.of(product.right())));
  }

  private static boolean isAtTheEnd(double[] x, double[] y) {
    return IntStream.range(0, x.length)
        .mapToObj(i -> new double[] {Math.abs(x[i]), Math.abs(y[i])})
        .anyMatch(
            both ->
                Math.max(both[0], both[1]) >= SATURATED
                    && Math.min(both[0], both[1]) >= THOUSANDS
                    && Math.min(both[0], both[1]) <= MILLION);
  }

  /**
   * The same of objectives that multiply without bound: a product of two ratios at their saturation
   * is e^1400, which is no double, and no guard can make it one.
   */
  public static Law finiteWithinRange() {
    Law everywhere = finite();
    return new Law(
        "finite-within-range",
        "value, parts, metrics and gradient are finite wherever no number on the way to the value"
            + " is beyond 1e60, so that a product of five is a double",
        "∀ n ∈ L: |n| ≤ 1e60 ⇒ |L| < ∞, |∇L| < ∞",
        0,
        "nothing is rounded",
        (subject, trial, tolerance) ->
            inRange(subject, trial) ? everywhere.violations(subject, trial) : List.empty());
  }

  /** Whether every number on the way to the value is of a size that a few products may take. */
  public static boolean inRange(Subject subject, Trial trial) {
    Evaluations known = subject.on(trial);
    return Graph.below(subject.bound(Surface.LOGITS).parts().values())
        .filter(node -> !node.condition() && node.level() != Level.Name.VOCABULARY)
        .forAll(node -> Arrays.stream(known.of(node)).allMatch(x -> Math.abs(x) <= RANGE));
  }

  private static Seq<Violation> infinite(String where, double[] values) {
    return List.range(0, values.length)
        .filter(i -> !Double.isFinite(values[i]))
        .map(i -> new Violation.Fact(where + "[" + i + "] is " + values[i]));
  }

  private static Seq<Violation> automatic(
      Subject subject, Trial trial, Surface surface, double tolerance) {
    BoundLoss bound = subject.bound(surface);
    Evaluations known = subject.on(trial);
    Evaluation ours = MeaningLaws.evaluation(subject, trial, surface);
    return subject
        .automatic(surface)
        .map(theirs -> theirs.evaluate(trial.samples(), trial.parameters()))
        .map(
            theirs ->
                List.ofAll(bound.gradients().keySet())
                    .filter(theirs::containsKey)
                    // of a branch that is not taken TensorFlow makes 0·∞
                    .filter(
                        input -> Arrays.stream(theirs.get(input).get()).noneMatch(Double::isNaN))
                    .flatMap(
                        input ->
                            Violation.between(
                                "d/d" + input + " at " + surface,
                                ours.gradients().get(input).get(),
                                theirs.get(input).get(),
                                tolerance * MeaningLaws.scale(bound, input, known))))
        .getOrElse(List.empty());
  }

  private static Seq<Violation> differences(
      Subject subject, Trial trial, Surface surface, double tolerance) {
    BoundLoss bound = subject.bound(surface);
    FrozenStops frozen = new FrozenStops(bound.value(), trial.samples(), trial.parameters());
    Evaluations known = subject.on(trial);
    Random random = new Random(trial.seed());
    double rounding = ROUNDINGS * Math.ulp(known.scale(bound.value())) / STEP;
    Seq<Violation> found = List.empty();
    for (var gradient : bound.gradients()) {
      double[] at = known.of(gradient._2);
      if (at.length == 0 || gradient._2.level().compareTo(Level.Name.TOKEN) > 0) {
        continue;
      }
      double size = Arrays.stream(at).map(Math::abs).max().orElse(0);
      for (int k = 0; k < DIRECTIONS; k++) {
        double[] v = direction(random, at.length, k);
        Line line = new Line(frozen, trial.samples(), gradient._1, v);
        double whole = line.slope(STEP);
        double scale = Math.max(size, Math.max(Math.abs(whole), Math.abs(line.at(0))));
        boolean smooth = Math.abs(whole - line.slope(STEP / 2)) <= 1e-7 * scale;
        if (smooth) {
          String where = "⟨∇, v" + k + "⟩ of " + gradient._1 + " at " + surface;
          double allowed = tolerance * scale + rounding;
          found = found.appendAll(Violation.between(where, dot(at, v), whole, allowed));
        }
      }
    }
    return found;
  }

  /** The first directions are single entries, the last is all of them. */
  private static double[] direction(Random random, int size, int k) {
    double[] v = new double[size];
    if (k < DIRECTIONS - 1) {
      v[random.nextInt(size)] = 1;
    } else {
      Arrays.setAll(v, i -> random.nextGaussian());
    }
    return v;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The value along a direction of one input. */
  private static final class Line {
    private final FrozenStops frozen;
    private final Samples samples;
    private final String input;
    private final double[] v;

    Line(FrozenStops frozen, Samples samples, String input, double[] v) {
      this.frozen = frozen;
      this.samples = samples;
      this.input = input;
      this.v = v;
    }

    double at(double x) {
      if (input.equals(BoundLoss.LOGITS)) {
        Grid grid = samples.grid(BoundLoss.LOGITS).get();
        int width = grid.width();
        Grid moved =
            new Grid(grid.rows(), width, (row, i) -> grid.get(row, i) + x * v[row * width + i]);
        return frozen.value(samples.with(BoundLoss.LOGITS, moved));
      }
      double[] column = samples.column(input).get();
      double[] moved = new double[column.length];
      Arrays.setAll(moved, i -> column[i] + x * v[i]);
      return frozen.value(samples.with(input, samples.level(input).get(), moved));
    }

    /** Fourth order. */
    double slope(double h) {
      return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    }
  }
}
