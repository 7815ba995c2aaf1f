package lossmith.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.NativeSums;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.family.TNumber;

/** Sums of a block's gradient: every number once, and no garbage of the gradient's size. */
class RowsAddTest {
  private static final int ROWS = 512;
  private static final int WIDTH = 257;
  private static final int ADDITIONS = 640;

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void rowsAreAddedWithoutGarbage(Precision precision) {
    TensorFlowRuntime.start();
    double[] numbers = new double[ROWS * WIDTH];
    Arrays.setAll(numbers, i -> i % 1024);
    try (TNumber part = Tensor.of(precision.type(), Shape.of(ROWS, WIDTH));
        TNumber whole = Tensor.of(precision.type(), Shape.of(ROWS + 2, WIDTH))) {
      NativeNumbers.write(part, 0, numbers, 0, numbers.length);
      NativeNumbers.clear(whole, 0, ROWS + 2);
      NativeSums.add(part, whole, 1, ROWS);
      long before = allocated();
      for (int addition = 1; addition < ADDITIONS; addition++) {
        NativeSums.add(part, whole, 1, ROWS);
      }
      long garbage = allocated() - before;
      long added = (ADDITIONS - 1) * part.asRawTensor().numBytes();
      // An eighth was seen at most; with rooms thrown away it is the whole.
      assertTrue(garbage < added / 2, garbage + " bytes thrown away, " + added + " added");
      double[] sum = new double[(ROWS + 2) * WIDTH];
      NativeNumbers.read(whole, 0, sum, 0, sum.length);
      for (int i = 0; i < sum.length; i++) {
        int at = i - WIDTH;
        boolean inside = at >= 0 && at < numbers.length;
        assertEquals(inside ? ADDITIONS * numbers[at] : 0, sum[i], "number " + i);
      }
    }
  }
}
