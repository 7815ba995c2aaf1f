package lossmith.ops.memory;

import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Grid;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.family.TNumber;

/**
 * A big matrix in native memory, rows first: logits, hidden states, weights and their gradients.
 * Close it to free the memory.
 *
 * <p>Rows are written and read one or many at a time, from and to arrays and buffers. Numbers of
 * the matrix' own type are copied as bytes; others are rounded to the nearest number of the type
 * that they go to. Of a buffer the numbers from its position to its limit are taken, in its byte
 * order; position and limit stay as they are.
 */
public final class Matrix implements AutoCloseable {
  private final TNumber tensor;
  private final long rows;
  private final boolean whole;
  private final AtomicBoolean closed;

  private Matrix(TNumber tensor, long rows, boolean whole, AtomicBoolean closed) {
    this.tensor = tensor;
    this.rows = rows;
    this.whole = whole;
    this.closed = closed;
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
    Matrix matrix = over(Tensor.of(precision.matrices(), Shape.of(rows, columns)));
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
    return new Matrix(tensor, tensor.shape().get(0), true, new AtomicBoolean());
  }

  /**
   * {@return the first rows of this matrix, as a matrix of the same memory} So a matrix allocated
   * for the longest batch serves shorter ones. It need not be closed: closing this matrix ends it.
   *
   * @param count how many rows; more than there are is a {@link Problem}
   */
  public Matrix first(long count) {
    if (count < 0 || count > rows) {
      throw Problem.of(
              "matrix",
              "first(" + count + ") of " + rows + " rows",
              "a number of rows from 0 to " + rows,
              "first(n) of a matrix that was made with enough rows")
          .exception();
    }
    return new Matrix(tensor, count, false, closed);
  }

  /** {@return how many rows} */
  public long rows() {
    return rows;
  }

  /** {@return how many columns} */
  public long columns() {
    return tensor.shape().get(1);
  }

  private long start(long row, int numbers) {
    if (row < 0 || row > rows || numbers % columns() != 0 || numbers / columns() > rows - row) {
      throw Problem.of(
              "matrix",
              numbers + " numbers from row " + row + " of " + rows + " × " + columns(),
              "rows that are there, of " + columns() + " numbers each",
              "one number per column of each row")
          .exception();
    }
    return row * columns();
  }

  /**
   * Sets rows.
   *
   * @param row the first
   * @param values one number per column, row after row
   */
  public void write(long row, double[] values) {
    write(row, DoubleBuffer.wrap(values));
  }

  /**
   * Sets rows.
   *
   * @param row the first
   * @param values one number per column, row after row
   */
  public void write(long row, float[] values) {
    write(row, FloatBuffer.wrap(values));
  }

  /**
   * Sets rows.
   *
   * @param row the first
   * @param values one number per column, row after row
   */
  public void write(long row, DoubleBuffer values) {
    NativeNumbers.write(memory(), start(row, values.remaining()), values);
  }

  /**
   * Sets rows.
   *
   * @param row the first
   * @param values one number per column, row after row
   */
  public void write(long row, FloatBuffer values) {
    NativeNumbers.write(memory(), start(row, values.remaining()), values);
  }

  /**
   * Reads as many rows as there is room for.
   *
   * @param row the first
   * @param into room for whole rows
   */
  public void read(long row, double[] into) {
    read(row, DoubleBuffer.wrap(into));
  }

  /**
   * Reads as many rows as there is room for.
   *
   * @param row the first
   * @param into room for whole rows
   */
  public void read(long row, float[] into) {
    read(row, FloatBuffer.wrap(into));
  }

  /**
   * Reads as many rows as there is room for.
   *
   * @param row the first
   * @param into room for whole rows
   */
  public void read(long row, DoubleBuffer into) {
    writable(into);
    NativeNumbers.read(memory(), start(row, into.remaining()), into);
  }

  /**
   * Reads as many rows as there is room for.
   *
   * @param row the first
   * @param into room for whole rows
   */
  public void read(long row, FloatBuffer into) {
    writable(into);
    NativeNumbers.read(memory(), start(row, into.remaining()), into);
  }

  private static void writable(Buffer into) {
    if (into.isReadOnly()) {
      throw Problem.of(
              "matrix",
              "read(…) into a buffer that is read-only",
              "a buffer that can be written",
              "the buffer of which asReadOnlyBuffer() was taken")
          .exception();
    }
  }

  /** {@return a row} */
  public double[] row(long row) {
    double[] values = new double[(int) columns()];
    read(row, values);
    return values;
  }

  /** {@return all numbers, row after row; more than an array holds are a {@link Problem}} */
  public double[] numbers() {
    if (rows * columns() > Integer.MAX_VALUE) {
      throw Problem.of(
              "matrix",
              "all numbers of " + rows + " × " + columns(),
              "at most " + Integer.MAX_VALUE,
              "read(row, …), some rows at a time")
          .exception();
    }
    double[] all = new double[(int) (rows * columns())];
    read(0, all);
    return all;
  }

  /** Sets all numbers to zero. */
  public void clear() {
    NativeNumbers.clear(memory(), 0, rows);
  }

  /** {@return the tensor of which the rows are the first} */
  public TNumber memory() {
    if (closed.get()) {
      throw Problem.of(
              "closed",
              "a matrix after close()",
              "a matrix that is open",
              "this inside the try block that made the matrix")
          .exception();
    }
    return tensor;
  }

  /** {@return the tensor that has these rows and no more; a part of a matrix has none} */
  public TNumber tensor() {
    if (rows != tensor.shape().get(0)) {
      throw Problem.of(
              "matrix",
              "the first " + rows + " rows of " + tensor.shape().get(0),
              "a matrix that is no part of another: a weight is read as a whole",
              "Matrix.zeros(…) of that size")
          .exception();
    }
    return memory();
  }

  /** Frees the memory, unless these are rows of another matrix; a second call does nothing. */
  @Override
  public void close() {
    if (whole && closed.compareAndSet(false, true)) {
      tensor.close();
    }
  }
}
