package lossmith.ops.memory;

import java.util.stream.IntStream;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DoubleDataBuffer;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat64;

/** Numbers of tensors in native memory, read and written in runs. */
public final class NativeNumbers {
  private static final int RUN = 8192;

  /** Into how many shares a processor's work is cut, so that a busy one can leave some. */
  private static final int SHARES = 4;

  private static final ThreadLocal<float[][]> FLOATS =
      ThreadLocal.withInitial(() -> new float[2][RUN]);

  private static final ThreadLocal<double[][]> DOUBLES =
      ThreadLocal.withInitial(() -> new double[2][RUN]);

  private NativeNumbers() {}

  public static void read(Tensor tensor, long from, double[] into, int at, int count) {
    ByteDataBuffer data = tensor.asRawTensor().data();
    if (tensor instanceof TFloat64) {
      var unused = data.asDoubles().offset(from).read(into, at, count);
    } else if (tensor instanceof TBfloat16) {
      short[] narrow = new short[count];
      var unused = data.asShorts().offset(from).read(narrow);
      for (int i = 0; i < count; i++) {
        into[at + i] = Float.intBitsToFloat(narrow[i] << 16);
      }
    } else {
      float[] narrow = new float[count];
      var unused = data.asFloats().offset(from).read(narrow);
      for (int i = 0; i < count; i++) {
        into[at + i] = narrow[i];
      }
    }
  }

  public static void write(Tensor tensor, long to, double[] values, int at, int count) {
    ByteDataBuffer data = tensor.asRawTensor().data();
    if (tensor instanceof TFloat64) {
      var unused = data.asDoubles().offset(to).write(values, at, count);
    } else if (tensor instanceof TBfloat16) {
      short[] narrow = new short[count];
      for (int i = 0; i < count; i++) {
        narrow[i] = nearest((float) values[at + i]);
      }
      var unused = data.asShorts().offset(to).write(narrow);
    } else {
      float[] narrow = new float[count];
      for (int i = 0; i < count; i++) {
        narrow[i] = (float) values[at + i];
      }
      var unused = data.asFloats().offset(to).write(narrow);
    }
  }

  /** The nearest bfloat16, to even where two are equally near. */
  static short nearest(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.isNaN(x) ? (short) 0x7fc0 : (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Copies rows between tensors of one type and width. */
  public static void copy(Tensor from, long fromRow, Tensor to, long toRow, long count) {
    long row = from.asRawTensor().numBytes() / from.shape().get(0);
    var source = from.asRawTensor().data().slice(fromRow * row, count * row);
    var unused =
        source.copyTo(to.asRawTensor().data().slice(toRow * row, count * row), count * row);
  }

  /** Sets {@code count} rows to zero, on all processors. */
  public static void clear(Tensor tensor, long row, long count) {
    long bytes = tensor.asRawTensor().numBytes() / tensor.shape().get(0);
    inShares(count * bytes, (from, to) -> clearBytes(tensor, row * bytes + from, row * bytes + to));
  }

  private static void clearBytes(Tensor tensor, long from, long to) {
    byte[] zeros = new byte[(int) Math.min(RUN, to - from)];
    ByteDataBuffer data = tensor.asRawTensor().data();
    for (long at = from; at < to; at += zeros.length) {
      var unused = data.offset(at).write(zeros, 0, (int) Math.min(zeros.length, to - at));
    }
  }

  /** A part of something that is long. */
  private interface Share {
    void between(long from, long to);
  }

  /** Work in shares, side by side where it is worth it. */
  private static void inShares(long size, Share work) {
    int shares = size < RUN ? 1 : SHARES * Runtime.getRuntime().availableProcessors();
    IntStream.range(0, shares)
        .parallel()
        .forEach(share -> work.between(size * share / shares, size * (share + 1) / shares));
  }

  /**
   * Adds the first {@code count} rows of a tensor to rows of another of the same type and width, on
   * all processors. A thread keeps its room: thrown away once a share, it made Java's heap grow by
   * more than a chunk takes.
   */
  public static void add(Tensor part, Tensor whole, long toRow, long count) {
    long width = whole.shape().get(1);
    long numbers = count * width;
    long first = toRow * width;
    inShares(
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
    for (long at = from; at < to; at += RUN) {
      int count = (int) Math.min(RUN, to - at);
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
    for (long at = from; at < to; at += RUN) {
      int count = (int) Math.min(RUN, to - at);
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
