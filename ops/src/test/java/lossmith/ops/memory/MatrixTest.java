package lossmith.ops.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A matrix gives back what was put in, as far as its type of numbers goes, and no row else. */
final class MatrixTest {
  /** 0.1 as a float is another double. */
  /** 0.1 = 1.6 / 16; the nearest bfloat16 has 205 / 128 for 1.6. */
  private static double kept(Precision precision, double x) {
    return switch (precision) {
      case BFLOAT16 -> Math.round(x * 16 * 128) / (16.0 * 128);
      case FLOAT32 -> (float) x;
      case FLOAT64 -> x;
    };
  }

  @Test
  void aRowIsARow() {
    try (Matrix matrix = Matrix.zeros(Precision.FLOAT64, 2, 3)) {
      for (Executable wrong :
          List.<Executable>of(
              () -> matrix.write(0, new double[4]),
              () -> matrix.write(0, new float[2]),
              () -> matrix.write(2, new double[3]),
              () -> matrix.write(-1, new double[3]),
              () -> assertEquals(3, matrix.row(2).length),
              () -> Matrix.zeros(Precision.FLOAT64, -1, 3).close(),
              () -> Matrix.zeros(Precision.FLOAT64, 1, 0).close())) {
        assertThrows(ProblemException.class, wrong);
      }
    }
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

  /**
   * bfloat16 lies 1/128 apart from 1 on: of two that are equally near, the one with an even bit.
   */
  @Test
  void narrowNumbersAreTheNearestAndOfTwoTheEven() {
    double step = 1 / 128.0;
    double[] x = {1 + step / 2, 1 + step * 3 / 2, 1 + step * 0.51, -1 - step * 3 / 2, Double.NaN};
    try (Matrix matrix = Matrix.zeros(Precision.BFLOAT16, 1, x.length)) {
      matrix.write(0, x);
      assertArrayEquals(
          new double[] {1, 1 + 2 * step, 1 + step, -1 - 2 * step, Double.NaN}, matrix.row(0));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aRowOfFloatsIsAsExactAsItsType(Precision precision) {
    try (Matrix matrix = Matrix.of(precision, Grid.of(new double[] {1, 2, 3, 4}, 2))) {
      matrix.write(1, new float[] {0.1f, 7});
      assertArrayEquals(new double[] {kept(precision, 0.1f), 7}, matrix.row(1));
      assertArrayEquals(new double[] {1, 2}, matrix.row(0));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aGridIsCopied(Precision precision) {
    Grid grid = Grid.of(new double[] {1, 2, 3, 4, 5, 6}, 3);
    try (Matrix matrix = Matrix.of(precision, grid)) {
      assertEquals(2, matrix.rows());
      assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, matrix.numbers());
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

  @Test
  void zerosAreZeroWhateverWasThere() {
    for (int i = 0; i < 20; i++) {
      try (Matrix used = Matrix.zeros(Precision.FLOAT64, 100, 100)) {
        for (int row = 0; row < 100; row++) {
          assertArrayEquals(new double[100], used.row(row));
          used.write(row, new Random(row).doubles(100).toArray());
        }
      }
    }
  }
}
