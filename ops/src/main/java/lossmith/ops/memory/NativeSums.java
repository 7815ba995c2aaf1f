package lossmith.ops.memory;

import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DoubleDataBuffer;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat64;

/** Sums of rows of tensors in native memory. */
public final class NativeSums {
  private static final ThreadLocal<float[][]> FLOATS =
      ThreadLocal.withInitial(() -> new float[2][NativeNumbers.RUN]);

  private static final ThreadLocal<double[][]> DOUBLES =
      ThreadLocal.withInitial(() -> new double[2][NativeNumbers.RUN]);

  private NativeSums() {}

  /**
   * Adds the first {@code count} rows of a tensor to rows of another of the same type and width, on
   * all processors. Each thread reuses its buffers: allocating them per piece made Java's heap grow
   * by more than the size of a chunk.
   */
  public static void add(Tensor part, Tensor whole, long toRow, long count) {
    long width = whole.shape().get(1);
    long numbers = count * width;
    long first = toRow * width;
    NativeNumbers.inShares(
        numbers,
        (from, to) -> {
          if (whole instanceof TFloat64) {
            addDoubles(part, from, to, whole, first + from);
          } else {
            addFloats(part, from, to, whole, first + from);
          }
        });
  }

  private static void addDoubles(Tensor part, long from, long to, Tensor whole, long into) {
    double[] more = DOUBLES.get()[0];
    double[] sum = DOUBLES.get()[1];
    DoubleDataBuffer source = part.asRawTensor().data().asDoubles();
    DoubleDataBuffer target = whole.asRawTensor().data().asDoubles();
    for (long at = from; at < to; at += NativeNumbers.RUN) {
      int count = (int) Math.min(NativeNumbers.RUN, to - at);
      var unused = source.offset(at).read(more, 0, count);
      DoubleDataBuffer here = target.offset(into + at - from);
      unused = here.read(sum, 0, count);
      for (int i = 0; i < count; i++) {
        sum[i] += more[i];
      }
      unused = here.write(sum, 0, count);
    }
  }

  private static void addFloats(Tensor part, long from, long to, Tensor whole, long into) {
    float[] more = FLOATS.get()[0];
    float[] sum = FLOATS.get()[1];
    FloatDataBuffer source = part.asRawTensor().data().asFloats();
    FloatDataBuffer target = whole.asRawTensor().data().asFloats();
    for (long at = from; at < to; at += NativeNumbers.RUN) {
      int count = (int) Math.min(NativeNumbers.RUN, to - at);
      var unused = source.offset(at).read(more, 0, count);
      FloatDataBuffer here = target.offset(into + at - from);
      unused = here.read(sum, 0, count);
      for (int i = 0; i < count; i++) {
        sum[i] += more[i];
      }
      unused = here.write(sum, 0, count);
    }
  }
}
