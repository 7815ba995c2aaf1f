package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows set to zero, those beside them as they were, in one share or in many. */
final class RowsClearTest {
  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 3, 0, 5",
    "FLOAT32, 3, 1, 2",
    "FLOAT64, 7001, 1, 3",
    "FLOAT32, 7001, 4, 1",
    "BFLOAT16, 4097, 2, 3",
    "FLOAT32, 7001, 2, 0"
  })
  void rowsBesideStay(Precision precision, int columns, int from, int count) {
    double[] twos = new double[columns];
    Arrays.fill(twos, 2);
    try (Matrix matrix = Matrix.zeros(precision, 5, columns)) {
      for (int row = 0; row < 5; row++) {
        matrix.write(row, twos);
      }
      NativeNumbers.clear(matrix.tensor(), from, count);
      for (int row = 0; row < 5; row++) {
        boolean cleared = row >= from && row < from + count;
        assertArrayEquals(cleared ? new double[columns] : twos, matrix.row(row));
      }
    }
  }
}
