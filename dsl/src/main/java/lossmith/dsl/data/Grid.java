package lossmith.dsl.data;

import lossmith.dsl.Problem;

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

  /** Checks the sizes. */
  public Grid {
    if (rows < 0 || width < 1) {
      throw Problem.of(
              "grid",
              rows + " × " + width,
              "0 or more rows of 1 or more numbers",
              "one row per token, as wide as the vocabulary")
          .exception();
    }
  }

  private static int rows(int numbers, int width) {
    if (width < 1 || numbers % width != 0) {
      throw Problem.of(
              "grid",
              numbers + " numbers in rows of " + width,
              "whole rows",
              "as many numbers as tokens × vocabulary")
          .exception();
    }
    return numbers / width;
  }

  /** {@return a grid over single-precision numbers in C order, whole rows of them} */
  public static Grid of(float[] data, int width) {
    return new Grid(rows(data.length, width), width, (row, column) -> data[row * width + column]);
  }

  /** {@return a grid over double-precision numbers in C order, whole rows of them} */
  public static Grid of(double[] data, int width) {
    return new Grid(rows(data.length, width), width, (row, column) -> data[row * width + column]);
  }

  /** {@return one entry} */
  public double get(int row, int column) {
    return at.at(row, column);
  }
}
