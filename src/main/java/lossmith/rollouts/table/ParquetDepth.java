package lossmith.rollouts.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How deep the schema of a Parquet file is nested, from the file's last part alone: DuckDB follows
 * it by recursion, which a schema of a thousand levels takes to the end of the stack. That part is
 * a structure in Thrift's compact protocol; its field 2 lists the nodes of the schema, parents
 * first, each with the number of its children as field 5.
 */
final class ParquetDepth {
  private static final int TRAILER = 8;
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** No structure of the format is nested so deep. */
  private static final int STRUCTURES = 32;

  private static final int SCHEMA = 2;
  private static final int CHILDREN = 5;

  private final ByteBuffer bytes;

  /** What is not understood; DuckDB says what is wrong with it. */
  private static final class NotParquet extends Exception {
    private static final long serialVersionUID = 1;
  }

  private ParquetDepth(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** {@return how many levels the schema has below its root; 0 where the file is no Parquet} */
  static int of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() < TRAILER) {
        return 0;
      }
      ByteBuffer trailer = read(channel, channel.size() - TRAILER, TRAILER);
      int length = trailer.order(ByteOrder.LITTLE_ENDIAN).getInt();
      byte[] magic = new byte[MAGIC.length];
      ByteBuffer unused = trailer.get(magic);
      if (!java.util.Arrays.equals(magic, MAGIC)
          || length < 0
          || length > channel.size() - TRAILER) {
        return 0;
      }
      return new ParquetDepth(read(channel, channel.size() - TRAILER - length, length)).depth();
    } catch (NotParquet | java.nio.BufferUnderflowException other) {
      return 0;
    }
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // Until all of it is there.
    }
    return bytes.flip();
  }

  private int depth() throws NotParquet {
    int field = 0;
    for (int head = next(); head != 0; head = next()) {
      field = field(head, field);
      if (field == SCHEMA && (head & 0xF) == Type.LIST) {
        return schema();
      }
      skip(head & 0xF, 0);
    }
    return 0;
  }

  private int schema() throws NotParquet {
    int head = next();
    long nodes = head >> 4 == 0xF ? number() : head >> 4;
    Deque<Long> open = new ArrayDeque<>();
    int deepest = 0;
    for (long node = 0; node < nodes; node++) {
      while (!open.isEmpty() && open.peek() == 0) {
        long unused = open.pop();
      }
      if (!open.isEmpty()) {
        open.push(open.pop() - 1);
      }
      deepest = Math.max(deepest, open.size());
      long children = children();
      if (children > 0) {
        open.push(children);
      }
    }
    return deepest;
  }

  /** Reads a node of the schema. */
  private long children() throws NotParquet {
    long children = 0;
    int field = 0;
    for (int head = next(); head != 0; head = next()) {
      field = field(head, field);
      if (field == CHILDREN && (head & 0xF) == Type.I32) {
        children = signed();
      } else {
        skip(head & 0xF, 0);
      }
    }
    return children;
  }

  private int field(int head, int before) {
    return head >> 4 == 0 ? (int) signed() : before + (head >> 4);
  }

  private int next() {
    return bytes.get() & 0xFF;
  }

  private long number() {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      int part = next();
      number |= (long) (part & 0x7F) << shift;
      if (part < 0x80) {
        return number;
      }
    }
  }

  private long signed() {
    long number = number();
    return (number >>> 1) ^ -(number & 1);
  }

  /** Passes over a value. */
  private void skip(int type, int depth) throws NotParquet {
    if (depth > STRUCTURES) {
      throw new NotParquet();
    }
    switch (type) {
      case Type.TRUE, Type.FALSE -> {}
      case Type.BYTE -> pass(1);
      case Type.I16, Type.I32, Type.I64 -> {
        long unused = number();
      }
      case Type.DOUBLE -> pass(Double.BYTES);
      case Type.BINARY -> pass(number());
      case Type.LIST, Type.SET -> {
        int head = next();
        long many = head >> 4 == 0xF ? number() : head >> 4;
        for (long i = 0; i < many; i++) {
          skip((head & 0xF) <= Type.FALSE ? Type.BYTE : head & 0xF, depth + 1);
        }
      }
      case Type.STRUCT -> {
        int field = 0;
        for (int head = next(); head != 0; head = next()) {
          field = field(head, field);
          skip(head & 0xF, depth + 1);
        }
      }
      default -> throw new NotParquet();
    }
  }

  private void pass(long many) throws NotParquet {
    if (many < 0 || many > bytes.remaining()) {
      throw new NotParquet();
    }
    bytes.position(bytes.position() + (int) many);
  }

  /** The numbers by which the protocol tells the type of a value. */
  private static final class Type {
    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int BYTE = 3;
    static final int I16 = 4;
    static final int I32 = 5;
    static final int I64 = 6;
    static final int DOUBLE = 7;
    static final int BINARY = 8;
    static final int LIST = 9;
    static final int SET = 10;
    static final int STRUCT = 12;

    private Type() {}
  }
}
