package lossmith.dsl.data;

import io.vavr.control.Option;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/** A part of a batch as bytes, for another process. */
final class PartialBytes {
  private static final int MAGIC = 0x4c6f7373; // "Loss"

  private PartialBytes() {}

  static byte[] write(Partial partial) {
    Samples samples = partial.piece();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      longs(out, partial.groups());
      longs(out, samples.sequenceIds());
      ints(out, samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP));
      ints(out, samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE));
      ints(out, samples.positions());
      out.writeBoolean(samples.sampled().isDefined());
      ints(out, samples.sampled().getOrElse(new int[0]));
      var names = samples.columns().remove(Columns.POSITION).toList().sorted();
      out.writeInt(names.size());
      for (String name : names) {
        out.writeUTF(name);
        out.writeUTF(samples.level(name).get().name());
        double[] values = samples.column(name).get();
        out.writeInt(values.length);
        for (double value : values) {
          out.writeDouble(value);
        }
      }
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  static Partial read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return in.readInt() == MAGIC ? read(in) : wrong(bytes);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException cut) {
      return wrong(bytes);
    }
  }

  private static Partial wrong(byte[] bytes) throws ProblemException {
    throw Problem.of(
            "bytes",
            bytes.length + " bytes that are no part of a batch, or not all of one",
            "what bytes() gave",
            "all of them, in order")
        .exception();
  }

  private static Partial read(DataInputStream in) throws IOException {
    long[] groups = longs(in);
    long[] ids = longs(in);
    int[] groupOf = ints(in);
    int[] sequenceOf = ints(in);
    int[] lengths = new int[ids.length];
    Arrays.stream(sequenceOf).forEach(s -> lengths[s]++);
    SamplesBuilder built = new SamplesBuilder(lengths, groupOf).ids(ids).positions(ints(in));
    boolean hasSampled = in.readBoolean();
    for (int[] sampled : Option.of(ints(in)).filter(x -> hasSampled)) {
      built = built.sampled(sampled);
    }
    int columns = in.readInt();
    for (int i = 0; i < columns; i++) {
      String name = in.readUTF();
      Level.Name level = Level.Name.valueOf(in.readUTF());
      double[] values = new double[size(in, Double.BYTES)];
      for (int k = 0; k < values.length; k++) {
        values[k] = in.readDouble();
      }
      built = built.column(name, level, values);
    }
    return Partial.of(built.piece(), groups);
  }

  /** A count of numbers that are there. */
  private static int size(DataInputStream in, int bytes) throws IOException {
    int size = in.readInt();
    if (size < 0 || (long) size * bytes > in.available()) {
      throw new IOException("cut");
    }
    return size;
  }

  private static void longs(DataOutputStream out, long[] values) throws IOException {
    out.writeInt(values.length);
    for (long value : values) {
      out.writeLong(value);
    }
  }

  private static long[] longs(DataInputStream in) throws IOException {
    long[] values = new long[size(in, Long.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readLong();
    }
    return values;
  }

  private static void ints(DataOutputStream out, int[] values) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  private static int[] ints(DataInputStream in) throws IOException {
    int[] values = new int[size(in, Integer.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }
}
