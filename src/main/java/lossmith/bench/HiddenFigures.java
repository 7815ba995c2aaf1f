package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.ToDoubleFunction;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.MatrixProducts;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;

/** A loss over hidden states and both gradients, compared with its three matrix products alone. */
final class HiddenFigures {
  /** Memory of the comparisons and sweeps, in MiB. */
  static final int BUDGET = 64;

  private static final int AMPLE = 160;

  private final Loss loss;
  private final BenchSize work;

  HiddenFigures(Loss loss, BenchSize work) {
    this.loss = loss;
    this.work = work;
  }

  /** The same work for another loss. */
  HiddenFigures of(Loss other) {
    return new HiddenFigures(other, work);
  }

  /** The median time within a budget, in milliseconds. */
  double milliseconds(int mebibytes) {
    return with(mebibytes, step -> Measured.milliseconds(work.runs(), step));
  }

  /** The memory of steps after the first within a budget, in MiB. */
  double mebibytes(int budget) {
    return Memory.ofHidden(work, budget).later();
  }

  /** The largest resident memory above that of inputs and gradients. */
  Measured.Peaks peaks(int budget) {
    Samples samples = Workload.samples(loss, work.rows(), work.vocabulary());
    try (Matrix hidden = Workload.matrix(work.rows(), work.width(), -1, 1);
        Matrix weight = Workload.matrix(work.vocabulary(), work.width(), -0.05, 0.05);
        Matrix up = Matrix.zeros(Precision.FLOAT32, work.rows(), work.width());
        Matrix across = Matrix.zeros(Precision.FLOAT32, work.vocabulary(), work.width())) {
      Policy policy =
          new Policy.Hidden(new Policy.Layer(hidden, weight), new Policy.Layer(up, across));
      Option<Long> before = Measured.resident();
      try (FusedLoss fused = compiled(budget)) {
        return Measured.above(
            before,
            () -> {
              Evaluation unused = fused.evaluate(samples, policy);
            });
      }
    }
  }

  private FusedLoss compiled(int mebibytes) {
    return Compile.of(loss)
        .device(work.device())
        .hidden(Head.of(work.vocabulary(), work.width()), (long) mebibytes << 20);
  }

  /** The time over that of other work. */
  double over(HiddenFigures base) {
    return with(
        BUDGET, step -> base.with(BUDGET, other -> Measured.ratio(work.runs(), step, other)));
  }

  Seq<Figure> all(Seq<Rival> rivals) {
    String size = work.rows() + "x" + work.width() + " to " + work.vocabulary();
    double alone = products(step -> Measured.milliseconds(work.runs(), step));
    return List.of(
            Figure.plain(
                "hidden " + size + ", products alone",
                alone,
                "ms",
                Measured.medianOf(work.runs()) + ", each of the three as one product"))
        .appendAll(within(AMPLE, 1.15))
        .appendAll(within(BUDGET, 1.3))
        .appendAll(rivals.map(rival -> rival.against(() -> milliseconds(AMPLE), work)));
  }

  private double products(ToDoubleFunction<Runnable> measure) {
    try (Matrix hidden = Workload.matrix(work.rows(), work.width(), -1, 1);
        Matrix weight = Workload.matrix(work.vocabulary(), work.width(), -0.05, 0.05);
        MatrixProducts alone = new MatrixProducts(hidden, weight)) {
      return measure.applyAsDouble(alone::run);
    }
  }

  private Seq<Figure> within(int mebibytes, double goal) {
    String budget = "hidden within " + mebibytes + " MiB";
    double over =
        products(base -> with(mebibytes, step -> Measured.ratio(work.runs(), step, base)));
    Measured.Peaks peaks = Memory.ofHidden(work, mebibytes);
    return List.of(
        Figure.plain(
                budget + ", time over the products'",
                over,
                "x",
                "runs of both in turn, " + Measured.medianOf(work.runs()))
            .atMost(goal),
        Figure.plain(
                budget + ", memory", peaks.later(), "MiB", Memory.HOW + "; gradients are inputs")
            .atMost(mebibytes),
        Figure.plain(budget + ", memory of the first step", peaks.first(), "MiB", Memory.HOW_FIRST)
            .atMost(mebibytes));
  }

  private double with(int mebibytes, ToDoubleFunction<Runnable> measure) {
    Samples samples = Workload.samples(loss, work.rows(), work.vocabulary());
    Map<String, Matrix> grids = Workload.grids(loss, work.rows(), work.vocabulary());
    try (FusedLoss fused = compiled(mebibytes);
        Matrix hidden = Workload.matrix(work.rows(), work.width(), -1, 1);
        Matrix weight = Workload.matrix(work.vocabulary(), work.width(), -0.05, 0.05);
        Matrix up = Matrix.zeros(Precision.FLOAT32, work.rows(), work.width());
        Matrix across = Matrix.zeros(Precision.FLOAT32, work.vocabulary(), work.width())) {
      Policy policy =
          new Policy.Hidden(new Policy.Layer(hidden, weight), new Policy.Layer(up, across))
              .withGrids(grids);
      return measure.applyAsDouble(
          () -> {
            Evaluation unused = fused.evaluate(samples, policy);
          });
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }
}
