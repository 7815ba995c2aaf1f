package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Texts;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;

/**
 * log π_ref of the tokens of some responses, and of all symbols in their places, as far as an
 * objective reads them.
 */
final class ReferenceNumbers implements AutoCloseable {
  private final Option<double[]> sampled;
  private final Option<Matrix> all;

  private ReferenceNumbers(Option<double[]> sampled, Option<Matrix> all) {
    this.sampled = sampled;
    this.all = all;
  }

  /** Asks the reference, where the objective reads it. */
  static ReferenceNumbers of(
      Trainable objective,
      Network network,
      NetworkWeights reference,
      Texts texts,
      double temperature) {
    boolean grid = objective.reads(Columns.REFERENCE_LOG_PI);
    boolean tokens = objective.reads(Columns.REFERENCE_LOG_PROB);
    if (!grid && !tokens) {
      return new ReferenceNumbers(Option.none(), Option.none());
    }
    double[][] rows = LogProbs.of(network, reference, texts, temperature);
    return new ReferenceNumbers(
        Option.when(tokens, () -> LogProbs.at(rows, texts.sampled())),
        Option.when(grid, () -> matrix(rows)));
  }

  private static Matrix matrix(double[][] rows) {
    Matrix matrix = Matrix.zeros(Precision.FLOAT32, rows.length, rows[0].length);
    for (int t = 0; t < rows.length; t++) {
      matrix.write(t, rows[t]);
    }
    return matrix;
  }

  /** log π_ref of each token, if it is read. */
  Option<double[]> sampled() {
    return sampled;
  }

  /** What the policy's logits are judged beside. */
  Map<String, Matrix> grids() {
    return all.map(matrix -> LinkedHashMap.of(Columns.REFERENCE_LOG_PI, matrix))
        .getOrElse(LinkedHashMap.empty());
  }

  /** The same samples with all that the reference says of them. */
  Samples whole(Samples samples) {
    return all.map(
            matrix ->
                samples.with(
                    Columns.REFERENCE_LOG_PI, Grid.of(matrix.numbers(), (int) matrix.columns())))
        .getOrElse(samples);
  }

  @Override
  public void close() {
    all.forEach(Matrix::close);
  }
}
