package lossmith.ops.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many rows at once come and go as they are, whatever they lie in, and nothing beside them. */
final class MatrixRowsTest {
  /** So many that they are copied in several pieces. */
  private static final int ROWS = 901;

  private static final int COLUMNS = 97;
  private static final int FIRST = 7;
  private static final int TAKEN = ROWS - 2 * FIRST;

  /** Numbers beside those that are taken. */
  private static final int MARGIN = 3;

  private static final float[] NUMBERS = numbers(TAKEN * COLUMNS);

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static double kept(Precision precision, float x) {
    return precision == Precision.BFLOAT16
        ? Float.intBitsToFloat(NativeNumbers.nearest(x) << 16)
        : x;
  }

  /** The rows that were written, zeros before and after. */
  private static void assertWritten(Precision precision, Matrix matrix) {
    for (int row = 0; row < ROWS; row++) {
      double[] expected = new double[COLUMNS];
      for (int v = 0; v < COLUMNS && row >= FIRST && row < FIRST + TAKEN; v++) {
        expected[v] = kept(precision, NUMBERS[(row - FIRST) * COLUMNS + v]);
      }
      assertArrayEquals(expected, matrix.row(row), "row " + row);
    }
  }

  private static double[] wide() {
    double[] wide = new double[NUMBERS.length];
    Arrays.setAll(wide, i -> NUMBERS[i]);
    return wide;
  }

  /** Room with a margin, in each kind of memory and in each byte order, position at the first. */
  private static Map<String, FloatBuffer> floats() {
    Map<String, FloatBuffer> all = new LinkedHashMap<>();
    all.put("heap", FloatBuffer.allocate(NUMBERS.length + 2 * MARGIN));
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      int bytes = (NUMBERS.length + 2 * MARGIN) * Float.BYTES;
      all.put("direct " + order, ByteBuffer.allocateDirect(bytes).order(order).asFloatBuffer());
      all.put("of bytes " + order, ByteBuffer.allocate(bytes).order(order).asFloatBuffer());
    }
    all.replaceAll((kind, buffer) -> buffer.limit(buffer.capacity() - MARGIN).position(MARGIN));
    new LinkedHashMap<>(all)
        .forEach((kind, buffer) -> all.put(kind + ", sliced", buffer.duplicate().slice()));
    return all;
  }

  private static Map<String, DoubleBuffer> doubles() {
    Map<String, DoubleBuffer> all = new LinkedHashMap<>();
    all.put("heap", DoubleBuffer.allocate(NUMBERS.length + 2 * MARGIN));
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      int bytes = (NUMBERS.length + 2 * MARGIN) * Double.BYTES;
      all.put("direct " + order, ByteBuffer.allocateDirect(bytes).order(order).asDoubleBuffer());
      all.put("of bytes " + order, ByteBuffer.allocate(bytes).order(order).asDoubleBuffer());
    }
    all.replaceAll((kind, buffer) -> buffer.limit(buffer.capacity() - MARGIN).position(MARGIN));
    new LinkedHashMap<>(all)
        .forEach((kind, buffer) -> all.put(kind + ", sliced", buffer.duplicate().slice()));
    return all;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void arraysAreWrittenAndRead(Precision precision) {
    try (Matrix single = Matrix.zeros(precision, ROWS, COLUMNS);
        Matrix twice = Matrix.zeros(precision, ROWS, COLUMNS)) {
      single.write(FIRST, NUMBERS);
      twice.write(FIRST, wide());
      assertWritten(precision, single);
      assertWritten(precision, twice);
      float[] floats = new float[NUMBERS.length];
      double[] doubles = new double[NUMBERS.length];
      single.read(FIRST, floats);
      single.read(FIRST, doubles);
      for (int i = 0; i < NUMBERS.length; i++) {
        assertEquals(kept(precision, NUMBERS[i]), floats[i]);
        assertEquals(kept(precision, NUMBERS[i]), doubles[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void buffersOfFloatsAreWrittenAndRead(Precision precision) {
    floats()
        .forEach(
            (kind, buffer) -> {
              try (Matrix matrix = Matrix.zeros(precision, ROWS, COLUMNS)) {
                int start = buffer.position();
                FloatBuffer unused = buffer.duplicate().put(NUMBERS);
                matrix.write(FIRST, buffer.asReadOnlyBuffer());
                assertWritten(precision, matrix);
                for (int i = buffer.position(); i < buffer.limit(); i++) {
                  unused = buffer.put(i, 0);
                }
                matrix.read(FIRST, buffer);
                for (int i = 0; i < NUMBERS.length; i++) {
                  assertEquals(kept(precision, NUMBERS[i]), buffer.get(start + i), kind);
                }
                assertEquals(start, buffer.position(), kind);
                assertEquals(start + NUMBERS.length, buffer.limit(), kind);
                assertZeroOutside(kind, buffer);
              }
            });
  }

  private static void assertZeroOutside(String kind, FloatBuffer buffer) {
    FloatBuffer all = buffer.duplicate().clear();
    for (int i = 0; i < all.limit(); i++) {
      assertTrue(
          (i >= buffer.position() && i < buffer.limit()) || all.get(i) == 0, kind + " at " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void buffersOfDoublesAreWrittenAndRead(Precision precision) {
    doubles()
        .forEach(
            (kind, buffer) -> {
              try (Matrix matrix = Matrix.zeros(precision, ROWS, COLUMNS)) {
                int start = buffer.position();
                DoubleBuffer unused = buffer.duplicate().put(wide());
                matrix.write(FIRST, buffer.asReadOnlyBuffer());
                assertWritten(precision, matrix);
                matrix.clear();
                matrix.write(FIRST, NUMBERS);
                for (int i = buffer.position(); i < buffer.limit(); i++) {
                  unused = buffer.put(i, 0);
                }
                matrix.read(FIRST, buffer);
                for (int i = 0; i < NUMBERS.length; i++) {
                  assertEquals(kept(precision, NUMBERS[i]), buffer.get(start + i), kind);
                }
                assertEquals(start, buffer.position(), kind);
              }
            });
  }

  /**
   * A double that no float is keeps its bits in a matrix of doubles and is the nearest elsewhere.
   */
  @Test
  void numbersOfAnotherTypeAreRounded() {
    try (Matrix wide = Matrix.zeros(Precision.FLOAT64, 1, 1);
        Matrix single = Matrix.zeros(Precision.FLOAT32, 1, 1)) {
      for (Matrix matrix : List.of(wide, single)) {
        matrix.write(0, DoubleBuffer.wrap(new double[] {0.1}));
      }
      assertEquals(0.1, wide.row(0)[0]);
      assertEquals(0.1f, single.row(0)[0]);
      float[] narrow = new float[1];
      wide.read(0, narrow);
      assertEquals(0.1f, narrow[0]);
    }
  }

  @Test
  void rowsThatAreNotThereAndPartsOfRowsAreRefused() {
    try (Matrix matrix = Matrix.zeros(Precision.FLOAT32, 2, 3)) {
      for (Executable wrong :
          List.<Executable>of(
              () -> matrix.write(0, new float[5]),
              () -> matrix.write(0, new double[9]),
              () -> matrix.write(1, FloatBuffer.allocate(6)),
              () -> matrix.write(-1, DoubleBuffer.allocate(3)),
              () -> matrix.write(3, new float[0]),
              () -> matrix.read(0, new float[4]),
              () -> matrix.read(1, new double[6]),
              () -> matrix.read(Long.MAX_VALUE, FloatBuffer.allocate(3)),
              () -> matrix.read(0, DoubleBuffer.allocate(1)),
              () -> assertEquals(0, matrix.first(3).rows()),
              () -> assertEquals(0, matrix.first(-1).rows()))) {
        assertThrows(ProblemException.class, wrong);
      }
      assertArrayEquals(new double[3], matrix.row(0));
    }
  }

  @Test
  void aBufferThatIsReadOnlyIsNotReadInto() {
    try (Matrix matrix = Matrix.zeros(Precision.FLOAT32, 2, 3)) {
      for (Executable wrong :
          List.<Executable>of(
              () -> matrix.read(0, FloatBuffer.allocate(3).asReadOnlyBuffer()),
              () -> matrix.read(0, DoubleBuffer.allocate(3).asReadOnlyBuffer()))) {
        String message = refused(wrong);
        assertTrue(message.contains("read-only"), message);
      }
    }
  }

  private static String refused(Executable wrong) {
    return String.valueOf(assertThrows(ProblemException.class, wrong).getMessage());
  }

  @Test
  void aClosedMatrixIsNotTouched() {
    Matrix matrix = Matrix.zeros(Precision.FLOAT32, 2, 3);
    Matrix part = matrix.first(1);
    part.close();
    matrix.write(0, new float[] {1, 2, 3});
    assertArrayEquals(new double[] {1, 2, 3}, part.row(0));
    matrix.close();
    matrix.close();
    for (Matrix closed : List.of(matrix, part)) {
      for (Executable wrong :
          List.<Executable>of(
              () -> closed.write(0, new float[3]),
              () -> closed.write(0, new double[3]),
              () -> closed.read(0, new float[3]),
              () -> closed.read(0, DoubleBuffer.allocate(3)),
              () -> assertEquals(3, closed.row(0).length),
              closed::clear,
              () -> assertNotNull(closed.memory()))) {
        String message = refused(wrong);
        assertTrue(message.contains("after close()"), message);
      }
    }
  }

  @Test
  void theFirstRowsAreTheSameMemory() {
    try (Matrix matrix = Matrix.zeros(Precision.FLOAT32, 3, 2)) {
      Matrix two = matrix.first(2);
      assertEquals(2, two.rows());
      two.write(0, new float[] {1, 2, 3, 4});
      matrix.write(2, new float[] {5, 6});
      assertArrayEquals(new double[] {3, 4}, matrix.row(1));
      assertThrows(ProblemException.class, () -> two.write(2, new float[2]));
      two.clear();
      assertArrayEquals(new double[2], matrix.row(0));
      assertArrayEquals(new double[] {5, 6}, matrix.row(2));
      assertEquals(matrix.tensor(), matrix.first(3).tensor());
      assertThrows(ProblemException.class, two::tensor);
    }
  }

  @Test
  void noRowsAreRows() {
    try (Matrix none = Matrix.zeros(Precision.FLOAT32, 0, 2)) {
      none.write(0, new float[0]);
      none.read(0, new double[0]);
      none.clear();
      assertEquals(0, none.rows());
    }
  }
}
