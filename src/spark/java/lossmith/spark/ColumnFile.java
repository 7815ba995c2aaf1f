package lossmith.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import lossmith.dsl.Level;
import lossmith.pieces.BatchKnown;
import lossmith.storage.NumberStore;

/**
 * A column that the whole batch determines, in a file that all machines see: its numbers in the
 * order of the batch.
 *
 * @param level the level
 * @param file the file
 */
record ColumnFile(Level.Name level, String file) implements Serializable {
  private static final int BLOCK = 1 << 16;

  static ColumnFile write(BatchKnown.Column column, Path file) throws IOException {
    try (FileChannel to =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      NumberStore values = column.values();
      double[] block = new double[BLOCK];
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Double.BYTES);
      for (long at = 0; at < values.size(); at += BLOCK) {
        int length = (int) Math.min(BLOCK, values.size() - at);
        values.copy(at, block, 0, length);
        bytes.clear().limit(length * Double.BYTES);
        var unused = bytes.asDoubleBuffer().put(block, 0, length);
        while (bytes.hasRemaining()) {
          int unusedBytes = to.write(bytes);
        }
      }
    }
    return new ColumnFile(column.level(), file.toString());
  }

  /** {@return the numbers at some places, of which many lie side by side} */
  double[] at(long[] places) throws IOException {
    double[] found = new double[places.length];
    try (FileChannel from = FileChannel.open(Path.of(file))) {
      int start = 0;
      while (start < places.length) {
        int end = start + 1;
        while (end < places.length && places[end] == places[end - 1] + 1) {
          end++;
        }
        ByteBuffer bytes = ByteBuffer.allocate((end - start) * Double.BYTES);
        while (bytes.hasRemaining()) {
          if (from.read(bytes, places[start] * Double.BYTES + bytes.position()) < 0) {
            throw new IOException(file + " was cut off");
          }
        }
        var unused = bytes.flip().asDoubleBuffer().get(found, start, end - start);
        start = end;
      }
    }
    return found;
  }
}
