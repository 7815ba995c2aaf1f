package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Locale;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.ops.AutomaticGradient;
import lossmith.ops.Compile;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;

/**
 * How far a loss and its gradient in a narrow type are from the same in float64, of the same
 * inputs. The gradient's error is the largest of an entry, by the largest entry.
 */
final class Errors {
  private static final int CHUNK = 16;
  private static final long BUDGET = 8 << 20;

  /** Times the error of TensorFlow's own float32 that counts as no worse. */
  private static final double SAME = 1.1;

  /** Four roundings to float32. */
  private static final double FEW = 4 * 0x1p-24;

  /** One rounding of an entry to bfloat16, in which the gradient is given. */
  private static final double NARROW = 0x1p-8;

  private final String name;
  private final Loss loss;
  private final BenchSize work;
  private final Samples samples;

  Errors(String name, Loss loss, BenchSize work) {
    this.name = name;
    this.loss = loss;
    this.work = work;
    this.samples = Workload.samples(loss, work.rows(), work.vocabulary());
  }

  /** A loss and its gradients, row by row. */
  private record Found(double value, Seq<double[]> gradient) {
    double valueError(Found exact) {
      return Math.abs(value - exact.value) / Math.max(1, Math.abs(exact.value));
    }

    /** ‖g − g₆₄‖ / ‖g₆₄‖. */
    double gradientError(Found exact) {
      double apart = 0;
      double whole = 0;
      for (int row = 0; row < exact.gradient.size(); row++) {
        double[] right = exact.gradient.get(row);
        double[] left = gradient.get(row);
        for (int i = 0; i < right.length; i++) {
          apart += Math.pow(left[i] - right[i], 2);
          whole += right[i] * right[i];
        }
      }
      return apart == 0 ? 0 : Math.sqrt(apart / whole);
    }
  }

  /** In float32 at both surfaces, and with matrices in bfloat16. */
  Seq<Figure> all() {
    int rows = work.rows();
    Map<String, Matrix> grids = Workload.grids(loss, rows, work.vocabulary());
    try (Matrix logits = Workload.matrix(rows, work.vocabulary(), -4, 4);
        Matrix hidden = Workload.matrix(rows, work.width(), -1, 1);
        Matrix weight = Workload.matrix(work.vocabulary(), work.width(), -0.5, 0.5)) {
      Found exact = onLogits(Precision.FLOAT64, logits, grids);
      double theirs = automatic(logits, grids).gradientError(exact);
      return List.of(
          figure("logits, float32", onLogits(Precision.FLOAT32, logits, grids), exact)
              .atMost(Math.max(SAME * theirs, FEW)),
          narrow(logits, grids).atMost(NARROW),
          figure(
              "hidden, float32",
              onHidden(Precision.FLOAT32, hidden, weight, grids),
              onHidden(Precision.FLOAT64, hidden, weight, grids)));
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  private Figure figure(String what, Found own, Found exact) {
    return Figure.plain(
        name + ", gradient's error, " + what,
        own.gradientError(exact),
        "relative",
        String.format(Locale.ROOT, "‖g − g₆₄‖ / ‖g₆₄‖; of the loss %.1e", own.valueError(exact)));
  }

  /** Both from what bfloat16 leaves of the logits. */
  private Figure narrow(Matrix logits, Map<String, Matrix> grids) {
    Map<String, Matrix> narrowGrids = grids.mapValues(grid -> copy(Precision.BFLOAT16, grid));
    try (Matrix narrow = copy(Precision.BFLOAT16, logits)) {
      return figure(
          "logits, bfloat16",
          onLogits(Precision.BFLOAT16, narrow, narrowGrids),
          onLogits(Precision.FLOAT64, narrow, narrowGrids));
    } finally {
      narrowGrids.values().forEach(Matrix::close);
    }
  }

  private static Matrix copy(Precision precision, Matrix from) {
    Matrix to = Matrix.zeros(precision, from.rows(), from.columns());
    for (long row = 0; row < from.rows(); row++) {
      to.write(row, from.row(row));
    }
    return to;
  }

  private static Seq<double[]> rows(Matrix matrix) {
    return List.range(0, (int) matrix.rows()).map(row -> matrix.row(row)).toVector();
  }

  private Found onLogits(Precision precision, Matrix given, Map<String, Matrix> others) {
    Map<String, Matrix> grids = others.mapValues(grid -> copy(precision, grid));
    try (FusedLoss fused =
            Compile.of(loss)
                .precision(precision)
                .device(work.device())
                .vocabulary(work.vocabulary())
                .rows(CHUNK)
                .logits();
        Matrix logits = copy(precision, given);
        Matrix gradient = Matrix.zeros(precision, given.rows(), given.columns())) {
      Policy policy = new Policy.Logits(logits, grids, gradient);
      return new Found(fused.evaluate(samples, policy).value(), rows(gradient));
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  private Found onHidden(
      Precision precision, Matrix states, Matrix matrix, Map<String, Matrix> others) {
    Map<String, Matrix> grids = others.mapValues(grid -> copy(precision, grid));
    try (FusedLoss fused =
            Compile.of(loss)
                .precision(precision)
                .device(work.device())
                .hidden(Head.of(work.vocabulary(), work.width()), BUDGET);
        Matrix hidden = copy(precision, states);
        Matrix weight = copy(precision, matrix);
        Matrix up = Matrix.zeros(precision, states.rows(), states.columns());
        Matrix across = Matrix.zeros(precision, matrix.rows(), matrix.columns())) {
      Policy policy =
          new Policy.Hidden(new Policy.Layer(hidden, weight), new Policy.Layer(up, across))
              .withGrids(grids);
      double value = fused.evaluate(samples, policy).value();
      return new Found(value, rows(up).appendAll(rows(across)));
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  /** TensorFlow's own derivative in float32; its loss is not looked at. */
  private Found automatic(Matrix logits, Map<String, Matrix> grids) {
    Samples whole =
        grids.foldLeft(
            samples.with(BoundLoss.LOGITS, grid(logits)),
            (all, matrix) -> all.with(matrix._1, grid(matrix._2)));
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, whole.columns().addAll(whole.grids()));
    try (AutomaticGradient automatic = AutomaticGradient.of(bound, Precision.FLOAT32).get()) {
      double[] all =
          automatic
              .evaluate(whole)
              .getOrElse(BoundLoss.LOGITS, new double[work.rows() * work.vocabulary()]);
      return new Found(
          Double.NaN,
          List.range(0, work.rows())
              .map(
                  row ->
                      Arrays.copyOfRange(
                          all, row * work.vocabulary(), (row + 1) * work.vocabulary()))
              .toVector());
    }
  }

  private static Grid grid(Matrix matrix) {
    Seq<double[]> rows = rows(matrix);
    return new Grid(rows.size(), (int) matrix.columns(), (row, v) -> rows.get(row)[v]);
  }
}
