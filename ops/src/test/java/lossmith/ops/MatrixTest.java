package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.data.Grid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A matrix gives back what was put in, as far as its type of numbers goes, and no row else. */
final class MatrixTest {
  /** 0.1 as a float is another double. */
  private static double kept(Precision precision, double x) {
    return precision == Precision.FLOAT64 ? x : (float) x;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aRowOfDoublesIsRounded(Precision precision) {
    try (Matrix matrix = Matrix.of(precision, Grid.of(new double[] {1, 2, 3, 4, 5, 6}, 2))) {
      matrix.write(1, new double[] {0.1, -2});
      assertEquals(3, matrix.rows());
      assertEquals(2, matrix.columns());
      assertArrayEquals(new double[] {1, 2}, matrix.row(0));
      assertArrayEquals(new double[] {kept(precision, 0.1), -2}, matrix.row(1));
      assertArrayEquals(new double[] {5, 6}, matrix.row(2));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aRowOfFloatsIsExact(Precision precision) {
    try (Matrix matrix = Matrix.of(precision, Grid.of(new double[] {1, 2, 3, 4}, 2))) {
      matrix.write(1, new float[] {0.1f, 7});
      assertArrayEquals(new double[] {0.1f, 7}, matrix.row(1));
      assertArrayEquals(new double[] {1, 2}, matrix.row(0));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aGridIsCopied(Precision precision) {
    Grid grid = Grid.of(new double[] {1, 2, 3, 4, 5, 6}, 3);
    try (Matrix matrix = Matrix.of(precision, grid)) {
      assertEquals(2, matrix.rows());
      assertArrayEquals(new double[] {1, 2, 3}, matrix.row(0));
      assertArrayEquals(new double[] {4, 5, 6}, matrix.row(1));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aViewIsTheSameNumbers(Precision precision) {
    try (Matrix matrix = Matrix.zeros(precision, 2, 2)) {
      Matrix view = Matrix.over(matrix.tensor());
      view.write(0, new double[] {3, 4});
      assertArrayEquals(new double[] {3, 4}, matrix.row(0));
    }
  }
}
