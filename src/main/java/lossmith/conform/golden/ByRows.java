package lossmith.conform.golden;

import io.vavr.Tuple;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;

/**
 * Computes losses of logits a few rows at a time, from logits or from hidden states. Losses without
 * logits and the other outputs of a case are computed over the whole batch. A loss without any
 * gradient is not refused here: it is a value that another system computes.
 */
public enum ByRows implements Meaning {
  /** The logits themselves. */
  LOGITS {
    @Override
    Evaluation evaluate(Loss loss, Samples samples, Rows rows, Map<String, Double> parameters) {
      int width = (int) rows.logits().columns();
      try (FusedLoss fused =
          Compile.of(loss.training())
              .precision(Precision.FLOAT64)
              .vocabulary(width)
              .rows(CHUNK)
              .logits()) {
        return fused.evaluate(
            samples, new Policy.Logits(rows.logits(), rows.grids(), rows.gradient()), parameters);
      }
    }
  },
  /** The logits as hidden states, the output matrix being the identity. */
  HIDDEN {
    @Override
    Evaluation evaluate(Loss loss, Samples samples, Rows rows, Map<String, Double> parameters) {
      int width = (int) rows.logits().columns();
      try (FusedLoss fused =
              Compile.of(loss.training())
                  .precision(Precision.FLOAT64)
                  .hidden(Head.of(width, width), BUDGET);
          Matrix identity = Matrix.zeros(Precision.FLOAT64, width, width);
          Matrix across = Matrix.zeros(Precision.FLOAT64, width, width)) {
        for (int v = 0; v < width; v++) {
          double[] row = new double[width];
          row[v] = 1;
          identity.write(v, row);
        }
        return fused.evaluate(
            samples,
            new Policy.Hidden(
                    new Policy.Layer(rows.logits(), identity),
                    new Policy.Layer(rows.gradient(), across))
                .withGrids(rows.grids()),
            parameters);
      }
    }
  };

  private static final int CHUNK = 4;
  private static final long BUDGET = 1 << 20;

  abstract Evaluation evaluate(
      Loss loss, Samples samples, Rows rows, Map<String, Double> parameters);

  @Override
  public Map<String, double[]> evaluate(
      Option<Loss> ofLogits,
      Map<String, Node> nodes,
      Samples samples,
      Map<String, Double> parameters) {
    Map<String, double[]> whole = Meaning.TENSORFLOW.evaluate(ofLogits, nodes, samples, parameters);
    if (ofLogits.isEmpty()) {
      return whole;
    }
    try (Rows rows = Rows.of(samples)) {
      Samples rest = samples.grids().foldLeft(samples, Samples::without);
      Evaluation found = evaluate(ofLogits.get(), rest, rows, parameters);
      return found
          .gradients()
          .put(BoundLoss.LOGITS, rows.gradient().numbers())
          .mapKeys(name -> Computation.GRADIENT + name)
          .merge(
              found
                  .metrics()
                  .map((name, x) -> Tuple.of(Computation.METRIC + name, new double[] {x})))
          .put(Computation.LOSS, new double[] {found.value()})
          .merge(whole);
    }
  }

  /** The matrices of a batch. */
  record Rows(Matrix logits, Map<String, Matrix> grids, Matrix gradient) implements AutoCloseable {
    static Rows of(Samples samples) {
      Matrix logits = Matrix.of(Precision.FLOAT64, samples.grid(BoundLoss.LOGITS).get());
      return new Rows(
          logits,
          samples
              .grids()
              .remove(BoundLoss.LOGITS)
              .toMap(name -> name, name -> Matrix.of(Precision.FLOAT64, samples.grid(name).get())),
          Matrix.zeros(Precision.FLOAT64, logits.rows(), logits.columns()));
    }

    @Override
    public void close() {
      logits.close();
      grids.values().forEach(Matrix::close);
      gradient.close();
    }
  }
}
