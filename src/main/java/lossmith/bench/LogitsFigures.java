package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.ToDoubleFunction;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.AutomaticGradient;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;

/** A loss and its gradient at given logits: time, memory, and what it costs to start. */
final class LogitsFigures {
  private final Loss loss;
  private final BenchSize work;

  LogitsFigures(Loss loss, BenchSize work) {
    this.loss = loss;
    this.work = work;
  }

  /** The same work for another loss. */
  LogitsFigures of(Loss other) {
    return new LogitsFigures(other, work);
  }

  /** The median time of a loss and its gradient, in milliseconds. */
  double milliseconds() {
    return with(false, step -> Measured.milliseconds(work.runs(), step));
  }

  /** The time over that of other work. */
  double over(LogitsFigures base) {
    return with(false, step -> base.with(false, other -> Measured.ratio(work.runs(), step, other)));
  }

  /** Time and memory, compared with TensorFlow's own derivative and the configured rivals. */
  Seq<Figure> all(Seq<Rival> rivals) {
    double own = milliseconds();
    double gradient = work.rows() * (double) work.vocabulary() * 4 / (1 << 20);
    Measured.Peaks apart = Memory.ofLogits(work, false);
    Measured.Peaks over = Memory.ofLogits(work, true);
    String whole = " by the gradient's " + Math.round(gradient) + " MiB";
    Seq<Figure> figures =
        List.of(
            Figure.plain(
                "logits " + work.rows() + "x" + work.vocabulary() + " float32",
                own,
                "ms",
                Measured.medianOf(work.runs()) + ", loss and gradient, all processors"),
            Figure.plain(
                    "logits, memory over the gradient's",
                    apart.later() / gradient,
                    "x",
                    Memory.HOW + "," + whole)
                .atMost(1.1),
            Figure.plain(
                "logits, memory of the first step",
                apart.first() / gradient,
                "x",
                Memory.HOW_FIRST + "," + whole),
            Figure.plain(
                    "logits, memory, gradient over the logits",
                    over.later() / gradient,
                    "x",
                    "the same as apart from them, the gradient written over the logits")
                .atMost(0.1),
            Figure.plain(
                "logits, memory of the first step, gradient over the logits",
                over.first() / gradient,
                "x",
                Memory.HOW_FIRST + "," + whole),
            Figure.plain(
                "logits, time of addGradients over ours",
                automatic() / own,
                "x",
                "the same loss as one TensorFlow graph, the gradient left in TensorFlow"));
    return figures.appendAll(rivals.map(rival -> rival.against(this::milliseconds, work)));
  }

  /** The median time of TensorFlow's own derivative, in milliseconds. */
  private double automatic() {
    Samples samples = Workload.samples(loss, work.rows(), work.vocabulary());
    Map<String, Matrix> grids = Workload.grids(loss, work.rows(), work.vocabulary());
    BoundLoss bound =
        BoundLoss.of(
            loss, Surface.LOGITS, samples.columns().addAll(grids.keySet()).add(BoundLoss.LOGITS));
    try (AutomaticGradient automatic = AutomaticGradient.of(bound, Precision.FLOAT32).get();
        Matrix logits = Workload.matrix(work.rows(), work.vocabulary(), -4, 4)) {
      Policy.Logits policy = new Policy.Logits(logits, grids, logits);
      return Measured.milliseconds(
          work.runs(),
          () -> {
            double unused = automatic.run(samples, policy);
          });
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  /** What the first step takes, in which the graphs are made and XLA compiles. */
  double firstStep() {
    return with(false, Measured::once);
  }

  static FusedLoss compiled(Loss loss, BenchSize work) {
    return Compile.of(loss).device(work.device()).vocabulary(work.vocabulary()).logits();
  }

  private double with(boolean inPlace, ToDoubleFunction<Runnable> measure) {
    Samples samples = Workload.samples(loss, work.rows(), work.vocabulary());
    Map<String, Matrix> grids = Workload.grids(loss, work.rows(), work.vocabulary());
    try (FusedLoss fused = compiled(loss, work);
        Matrix logits = Workload.matrix(work.rows(), work.vocabulary(), -4, 4);
        Matrix apart = inPlace ? Matrix.zeros(Precision.FLOAT32, 1, 1) : zeros()) {
      Policy policy = new Policy.Logits(logits, grids, inPlace ? logits : apart);
      return measure.applyAsDouble(
          () -> {
            Evaluation unused = fused.evaluate(samples, policy);
          });
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  /** The largest resident memory above that of the inputs. */
  Measured.Peaks peaks(boolean inPlace) {
    Samples samples = Workload.samples(loss, work.rows(), work.vocabulary());
    try (Matrix logits = Workload.matrix(work.rows(), work.vocabulary(), -4, 4)) {
      Option<Long> before = Measured.resident();
      try (FusedLoss fused = compiled(loss, work);
          Matrix apart = inPlace ? Matrix.zeros(Precision.FLOAT32, 1, 1) : zeros()) {
        Policy policy = new Policy.Logits(logits, inPlace ? logits : apart);
        return Measured.above(
            before,
            () -> {
              Evaluation unused = fused.evaluate(samples, policy);
            });
      }
    }
  }

  private Matrix zeros() {
    return Matrix.zeros(Precision.FLOAT32, work.rows(), work.vocabulary());
  }
}
