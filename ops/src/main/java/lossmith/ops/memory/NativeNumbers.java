package lossmith.ops.memory;

import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataStorageVisitor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Numbers of tensors in native memory, read and written in runs. */
public final class NativeNumbers {
  static final int RUN = 8192;

  /** Pieces of work per processor, so that idle processors can take over those of busy ones. */
  private static final int SHARES = 4;

  /** Numbers that one thread is done with before another is awake. */
  private static final int FEW = 1 << 16;

  /** The most numbers of a piece of work: a buffer cannot address more. */
  private static final long LARGEST = 1L << 26;

  private static final ThreadLocal<float[]> FLOATS = ThreadLocal.withInitial(() -> new float[RUN]);

  private NativeNumbers() {}

  /** Some numbers of a tensor, where they lie; {@code at} of all that are copied come before. */
  private interface Piece {
    void copy(ByteBuffer memory, int at, int count);
  }

  /** Numbers from one on, in pieces side by side. */
  private static void inPieces(Tensor tensor, long from, int count, Piece piece) {
    if (count == 0) {
      return;
    }
    long bytes = tensor.asRawTensor().numBytes() / tensor.shape().size();
    Pointer first = new Pointer(address(tensor) + from * bytes);
    try {
      inShares(
          count,
          (at, end) -> {
            ByteBuffer memory = first.getByteBuffer(at * bytes, (end - at) * bytes);
            piece.copy(memory.order(ByteOrder.nativeOrder()), (int) at, (int) (end - at));
          });
    } finally {
      Reference.reachabilityFence(tensor);
    }
  }

  private static long address(Tensor tensor) {
    return tensor
        .asRawTensor()
        .data()
        .accept(
            new DataStorageVisitor<Long>() {
              @Override
              public Long visit(long address, long length, long scale) {
                return address;
              }

              @Override
              public Long fallback() {
                throw new IllegalStateException("a tensor that is not in native memory");
              }
            });
  }

  public static void read(Tensor tensor, long from, double[] into, int at, int count) {
    read(tensor, from, DoubleBuffer.wrap(into, at, count));
  }

  /** Reads as many numbers as the buffer has room for; its position stays. */
  static void read(Tensor tensor, long from, DoubleBuffer into) {
    inPieces(
        tensor,
        from,
        into.remaining(),
        (memory, at, count) -> {
          DoubleBuffer part = into.slice(into.position() + at, count);
          if (tensor instanceof TFloat64) {
            part.put(memory.asDoubleBuffer());
          } else if (tensor instanceof TFloat32) {
            widened(memory.asFloatBuffer(), part);
          } else {
            each(tensor, memory, count, part::put);
          }
        });
  }

  /** Reads as many numbers as the buffer has room for; its position stays. */
  static void read(Tensor tensor, long from, FloatBuffer into) {
    inPieces(
        tensor,
        from,
        into.remaining(),
        (memory, at, count) -> {
          FloatBuffer part = into.slice(into.position() + at, count);
          if (tensor instanceof TFloat32) {
            part.put(memory.asFloatBuffer());
          } else {
            each(tensor, memory, count, (i, x) -> part.put(i, (float) x));
          }
        });
  }

  public static void write(Tensor tensor, long to, double[] values, int at, int count) {
    write(tensor, to, DoubleBuffer.wrap(values, at, count));
  }

  /** Writes the numbers that are left in the buffer; its position stays. */
  static void write(Tensor tensor, long to, DoubleBuffer values) {
    inPieces(
        tensor,
        to,
        values.remaining(),
        (memory, at, count) -> {
          DoubleBuffer part = values.slice(values.position() + at, count);
          if (tensor instanceof TFloat64) {
            memory.asDoubleBuffer().put(part);
          } else if (tensor instanceof TFloat32) {
            rounded(part, memory.asFloatBuffer());
          } else {
            fill(tensor, memory, count, part::get);
          }
        });
  }

  /** Writes the numbers that are left in the buffer; its position stays. */
  static void write(Tensor tensor, long to, FloatBuffer values) {
    inPieces(
        tensor,
        to,
        values.remaining(),
        (memory, at, count) -> {
          FloatBuffer part = values.slice(values.position() + at, count);
          if (tensor instanceof TFloat32) {
            memory.asFloatBuffer().put(part);
          } else {
            fill(tensor, memory, count, part::get);
          }
        });
  }

  /** Copies all numbers, by way of an array: one by one, native memory is slow. */
  private static void widened(FloatBuffer from, DoubleBuffer to) {
    float[] run = FLOATS.get();
    while (from.hasRemaining()) {
      int count = Math.min(RUN, from.remaining());
      from.get(run, 0, count);
      for (int i = 0; i < count; i++) {
        to.put(run[i]);
      }
    }
  }

  /** The same the other way, each to the nearest float. */
  private static void rounded(DoubleBuffer from, FloatBuffer to) {
    float[] run = FLOATS.get();
    while (from.hasRemaining()) {
      int count = Math.min(RUN, from.remaining());
      for (int i = 0; i < count; i++) {
        run[i] = (float) from.get();
      }
      to.put(run, 0, count);
    }
  }

  /** Takes a number and its place. */
  private interface Taker {
    void take(int at, double number);
  }

  private static void each(Tensor tensor, ByteBuffer memory, int count, Taker taker) {
    IntToDoubleFunction numbers = numbers(tensor, memory);
    for (int i = 0; i < count; i++) {
      taker.take(i, numbers.applyAsDouble(i));
    }
  }

  private static IntToDoubleFunction numbers(Tensor tensor, ByteBuffer memory) {
    if (tensor instanceof TFloat64) {
      return memory.asDoubleBuffer()::get;
    }
    ShortBuffer narrow = memory.asShortBuffer();
    return i -> Float.intBitsToFloat(narrow.get(i) << 16);
  }

  /** Sets numbers, each to the nearest that the type has. */
  private static void fill(
      Tensor tensor, ByteBuffer memory, int count, IntToDoubleFunction numbers) {
    if (tensor instanceof TFloat64) {
      DoubleBuffer wide = memory.asDoubleBuffer();
      for (int i = 0; i < count; i++) {
        wide.put(i, numbers.applyAsDouble(i));
      }
    } else {
      ShortBuffer narrow = memory.asShortBuffer();
      for (int i = 0; i < count; i++) {
        narrow.put(i, nearest((float) numbers.applyAsDouble(i)));
      }
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
    if (count == 0) {
      return;
    }
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

  /** Work on a range of indices. */
  interface Share {
    void between(long from, long to);
  }

  /** Runs work over ranges, in parallel where it is long enough. */
  static void inShares(long size, Share work) {
    if (size < FEW) {
      work.between(0, size);
      return;
    }
    long processors = Runtime.getRuntime().availableProcessors();
    int shares = (int) Math.max(SHARES * processors, size / LARGEST);
    IntStream.range(0, shares)
        .parallel()
        .forEach(share -> work.between(size * share / shares, size * (share + 1) / shares));
  }
}
