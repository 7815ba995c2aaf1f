package lossmith.dsl.data;

/**
 * Numbers per token and vocabulary entry, row by row; the samples keep a reference, nothing is
 * copied.
 *
 * @param rows the number of tokens
 * @param width the size of the vocabulary
 * @param at reads one entry
 */
public record Grid(int rows, int width, Entry at) {
  /** Reads one entry. */
  @FunctionalInterface
  public interface Entry {
    /** {@return the number in a row and column} */
    double at(int row, int column);
  }

  /** {@return a grid over single-precision numbers in C order} */
  public static Grid of(float[] data, int width) {
    return new Grid(data.length / width, width, (row, column) -> data[row * width + column]);
  }

  /** {@return a grid over double-precision numbers in C order} */
  public static Grid of(double[] data, int width) {
    return new Grid(data.length / width, width, (row, column) -> data[row * width + column]);
  }

  /** {@return one entry} */
  public double get(int row, int column) {
    return at.at(row, column);
  }
}
