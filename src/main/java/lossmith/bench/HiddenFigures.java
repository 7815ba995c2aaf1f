package lossmith.bench;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.Head;
import lossmith.ops.Matrix;
import lossmith.ops.Policy;
import lossmith.ops.Precision;
import lossmith.ops.Products;

/** A loss over hidden states and both gradients, beside its three matrix products alone. */
final class HiddenFigures {
  private final Loss loss;
  private final int rows;
  private final int vocabulary;
  private final int width;
  private final int runs;

  HiddenFigures(Loss loss, int rows, int vocabulary, int width, int runs) {
    this.loss = loss;
    this.rows = rows;
    this.vocabulary = vocabulary;
    this.width = width;
    this.runs = runs;
  }

  Seq<Figure> all() {
    String size = rows + "x" + width + " to " + vocabulary;
    double products;
    try (Matrix hidden = Workload.matrix(rows, width, -1, 1);
        Matrix weight = Workload.matrix(vocabulary, width, -0.05, 0.05);
        Products alone = new Products(hidden, weight)) {
      products = Measured.milliseconds(runs, alone::run);
    }
    return List.of(
            Figure.plain(
                "hidden " + size + ", products alone",
                products,
                "ms",
                "median of " + runs + " after 2, each of the three as one product"))
        .appendAll(within(160, products, 1.15))
        .appendAll(within(64, products, 1.3));
  }

  private Seq<Figure> within(int mebibytes, double products, double goal) {
    Samples samples = Workload.samples(loss, rows, vocabulary);
    try (FusedLoss fused =
            FusedLoss.hidden(
                loss,
                Precision.FLOAT32,
                Head.of(vocabulary, width),
                samples.columns(),
                (long) mebibytes << 20);
        Matrix hidden = Workload.matrix(rows, width, -1, 1);
        Matrix weight = Workload.matrix(vocabulary, width, -0.05, 0.05);
        Matrix up = Matrix.zeros(Precision.FLOAT32, rows, width);
        Matrix across = Matrix.zeros(Precision.FLOAT32, vocabulary, width)) {
      Policy policy =
          new Policy.Hidden(
              new Policy.Layer(hidden, weight),
              HashMap.empty(),
              HashMap.empty(),
              new Policy.Layer(up, across));
      Runnable step =
          () -> {
            Evaluation unused = fused.evaluate(samples, policy, HashMap.empty());
          };
      double time = Measured.milliseconds(runs, step);
      double memory = Measured.mebibytes(step);
      String budget = "hidden within " + mebibytes + " MiB";
      return List.of(
          Figure.plain(
                  budget + ", time over the products'",
                  time / products,
                  "x",
                  Math.round(time) + " ms, median of " + runs + " after 2")
              .atMost(goal),
          Figure.plain(
                  budget + ", memory",
                  memory,
                  "MiB",
                  "peak resident above inputs and gradients, warm")
              .atMost(mebibytes));
    }
  }
}
