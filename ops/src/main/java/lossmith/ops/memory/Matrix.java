package lossmith.ops.memory;

import lossmith.dsl.Problem;
import lossmith.dsl.data.Grid;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
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
    if (rows < 0 || columns < 1) {
      throw Problem.of(
              "matrix",
              rows + " × " + columns,
              "0 or more rows of 1 or more columns",
              "one row per token")
          .exception();
    }
    TensorFlowRuntime.start();
    Matrix matrix = new Matrix(Tensor.of(precision.matrices(), Shape.of(rows, columns)));
    matrix.clear();
    return matrix;
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

  private void check(long row, int numbers) {
    if (row < 0 || row >= rows() || numbers != columns()) {
      throw Problem.of(
              "matrix",
              numbers + " numbers for row " + row + " of " + rows() + " × " + columns(),
              "a row that is there, and " + columns() + " numbers",
              "one number per column")
          .exception();
    }
  }

  /**
   * Sets a row.
   *
   * @param row the row
   * @param values one number per column
   */
  public void write(long row, double[] values) {
    check(row, values.length);
    NativeNumbers.write(tensor, row * columns(), values, 0, values.length);
  }

  /**
   * Sets a row.
   *
   * @param row the row
   * @param values one number per column
   */
  public void write(long row, float[] values) {
    check(row, values.length);
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
    check(row, values.length);
    NativeNumbers.read(tensor, row * columns(), values, 0, values.length);
    return values;
  }

  /** Sets all numbers to zero. */
  public void clear() {
    NativeNumbers.clear(tensor, 0, rows());
  }

  public TNumber tensor() {
    return tensor;
  }

  @Override
  public void close() {
    tensor.close();
  }
}
