package lossmith.ops;

import lossmith.dsl.data.Grid;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/**
 * A big matrix in native memory, rows first: logits, hidden states, weights and their gradients.
 * Close it to free the memory.
 */
public final class Matrix implements AutoCloseable {
  private final TNumber tensor;

  private Matrix(TNumber tensor) {
    this.tensor = tensor;
  }

  /**
   * {@return a matrix of zeros}
   *
   * @param precision the type of the numbers
   * @param rows how many rows
   * @param columns how many columns
   */
  public static Matrix zeros(Precision precision, long rows, long columns) {
    Quiet.start();
    return new Matrix(Tensor.of(precision.type(), Shape.of(rows, columns), data -> {}));
  }

  /**
   * {@return a copy of a grid}
   *
   * @param precision the type of the numbers
   * @param grid the numbers
   */
  public static Matrix of(Precision precision, Grid grid) {
    Matrix matrix = zeros(precision, grid.rows(), grid.width());
    double[] line = new double[grid.width()];
    for (int row = 0; row < grid.rows(); row++) {
      for (int v = 0; v < line.length; v++) {
        line[v] = grid.get(row, v);
      }
      matrix.write(row, line);
    }
    return matrix;
  }

  /**
   * {@return a view of a tensor, which is closed with it}
   *
   * @param tensor a tensor of two axes
   */
  public static Matrix over(TNumber tensor) {
    return new Matrix(tensor);
  }

  /** {@return how many rows} */
  public long rows() {
    return tensor.shape().get(0);
  }

  /** {@return how many columns} */
  public long columns() {
    return tensor.shape().get(1);
  }

  /**
   * Sets a row.
   *
   * @param row the row
   * @param values one number per column
   */
  public void write(long row, double[] values) {
    ByteDataBuffer data = tensor.asRawTensor().data();
    if (tensor instanceof TFloat64) {
      var unused = data.asDoubles().offset(row * columns()).write(values);
      return;
    }
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    write(row, narrow);
  }

  /**
   * Sets a row.
   *
   * @param row the row
   * @param values one number per column
   */
  public void write(long row, float[] values) {
    if (tensor instanceof TFloat32) {
      var unused = tensor.asRawTensor().data().asFloats().offset(row * columns()).write(values);
      return;
    }
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    write(row, wide);
  }

  /** {@return a row} */
  public double[] row(long row) {
    double[] values = new double[(int) columns()];
    ByteDataBuffer data = tensor.asRawTensor().data();
    if (tensor instanceof TFloat64) {
      var unused = data.asDoubles().offset(row * columns()).read(values);
      return values;
    }
    float[] narrow = new float[values.length];
    var unused = data.asFloats().offset(row * columns()).read(narrow);
    for (int i = 0; i < narrow.length; i++) {
      values[i] = narrow[i];
    }
    return values;
  }

  TNumber tensor() {
    return tensor;
  }

  @Override
  public void close() {
    tensor.close();
  }
}
