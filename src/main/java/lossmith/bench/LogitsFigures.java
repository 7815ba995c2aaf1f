package lossmith.bench;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.Matrix;
import lossmith.ops.Policy;
import lossmith.ops.Precision;
import lossmith.ops.Quiet;

/** A loss and its gradient at given logits: time, memory, and what it costs to start. */
final class LogitsFigures {
  /** Rows of a chunk: a few megabytes, so that it stays in the cache. */
  static final int CHUNK = 32;

  private final Loss loss;
  private final int rows;
  private final int vocabulary;
  private final int runs;

  LogitsFigures(Loss loss, int rows, int vocabulary, int runs) {
    this.loss = loss;
    this.rows = rows;
    this.vocabulary = vocabulary;
    this.runs = runs;
  }

  /** One line of text that says how big the work is. */
  private String size() {
    return rows + "x" + vocabulary + " float32";
  }

  /** The median time in milliseconds of a loss and its gradient. */
  double milliseconds() {
    return with((fused, step) -> Measured.milliseconds(runs, step), false);
  }

  /** Time and memory, beside the peers that there are. */
  Seq<Figure> all(Seq<Peer> peers) {
    double own = milliseconds();
    double gradient = rows * (double) vocabulary * 4 / (1 << 20);
    double apart = with((fused, step) -> Measured.mebibytes(step), false) + gradient;
    double over = with((fused, step) -> Measured.mebibytes(step), true);
    Seq<Figure> figures =
        List.of(
            Figure.plain(
                "logits " + size(),
                own,
                "ms",
                "median of " + runs + " after 2, loss and gradient, all processors"),
            new Figure(
                "logits memory over the gradient's",
                apart / gradient,
                "x",
                Option.none(),
                Option.some(1.1),
                "peak resident above inputs, warm, by the gradient's "
                    + Math.round(gradient)
                    + " MiB, which count as touched"),
            new Figure(
                "logits memory, gradient over the logits",
                over / gradient,
                "x",
                Option.none(),
                Option.some(0.1),
                "the same, nothing of the logits' size beside them"));
    return figures.appendAll(peers.map(peer -> peer.against(own, rows, vocabulary)));
  }

  /** What one compilation costs, and the first step after it. */
  Seq<Figure> start() {
    Samples samples = Workload.samples(loss, rows, vocabulary);
    Quiet.start();
    double compile = Measured.once(() -> compiled(samples).close());
    double step = with((fused, work) -> Measured.once(work), false);
    return List.of(
        Figure.plain("compile: term to runnable graph", compile, "ms", "once, the library loaded")
            .atMost(100),
        Figure.plain("first step, XLA compiling", step, "ms", "once").atMost(1500));
  }

  private FusedLoss compiled(Samples samples) {
    return FusedLoss.logits(
        loss,
        Precision.FLOAT32,
        vocabulary,
        samples.columns().addAll(Workload.gridNames(loss)),
        CHUNK);
  }

  /** Something measured of a compiled loss and its step. */
  private interface Measure {
    double of(FusedLoss fused, Runnable step);
  }

  private double with(Measure measure, boolean inPlace) {
    Samples samples = Workload.samples(loss, rows, vocabulary);
    var grids = Workload.grids(loss, rows, vocabulary);
    try (FusedLoss fused = compiled(samples);
        Matrix logits = Workload.matrix(rows, vocabulary, -4, 4);
        Matrix apart = inPlace ? Matrix.zeros(Precision.FLOAT32, 1, 1) : zeros()) {
      Policy policy = new Policy.Logits(logits, grids, inPlace ? logits : apart);
      return measure.of(
          fused,
          () -> {
            Evaluation unused = fused.evaluate(samples, policy, HashMap.empty());
          });
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  private Matrix zeros() {
    return Matrix.zeros(Precision.FLOAT32, rows, vocabulary);
  }
}
