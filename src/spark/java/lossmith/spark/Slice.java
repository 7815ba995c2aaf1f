package lossmith.spark;

import io.vavr.collection.List;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import lossmith.rollouts.table.RowForm;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a text file that is read by one task: the lines that begin in it, or the whole file.
 *
 * @param file the file
 * @param from its first byte
 * @param to the byte behind its last; less than 0 for a file that cannot be cut
 */
record Slice(String file, long from, long to) implements Serializable {
  private static final int BUFFER = 1 << 20;

  /** {@return the slices of a file, in their order} */
  static List<Slice> of(Path file, RowForm form) throws IOException {
    if (!form.byLine(file)) {
      return List.of(new Slice(file.toString(), 0, -1));
    }
    long size = java.nio.file.Files.size(file);
    return List.rangeBy(0, Math.max(1, size), SpreadRows.SLICE)
        .map(from -> new Slice(file.toString(), from, Math.min(size, from + SpreadRows.SLICE)));
  }

  /** The rows of a slice, to be closed. */
  interface Rows extends Iterator<String>, AutoCloseable {
    @Override
    void close();
  }

  Rows open(RowForm form) throws IOException {
    if (to >= 0) {
      return new Lines(this);
    }
    Iterator<String> rows = form.rows(Path.of(file));
    return new Rows() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public String next() {
        return rows.next();
      }

      @Override
      public void close() {}
    };
  }

  /** The lines that begin in a slice and are not empty; the last may end behind it. */
  private static final class Lines implements Rows {
    private final InputStream bytes;
    private final long end;
    private long at;
    private @Nullable String next;

    Lines(Slice slice) throws IOException {
      FileChannel channel = FileChannel.open(Path.of(slice.file()));
      this.bytes =
          new BufferedInputStream(
              Channels.newInputStream(channel.position(Math.max(0, slice.from() - 1))), BUFFER);
      this.end = slice.to();
      this.at = slice.from();
      if (slice.from() > 0) {
        // A line that begins exactly here has the end of another one before it.
        at--;
        String unused = line();
      }
      this.next = row();
    }

    /** The next line, without its end; nothing behind the last. */
    private @Nullable String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int one = bytes.read(); one >= 0; one = bytes.read()) {
        at++;
        if (one == '\n') {
          return line.toString(StandardCharsets.UTF_8);
        }
        line.write(one);
      }
      return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    private @Nullable String row() throws IOException {
      while (at < end) {
        boolean start = at == 0;
        String line = line();
        if (line == null) {
          return null;
        }
        String bare = (start && line.startsWith("\uFEFF") ? line.substring(1) : line).strip();
        if (!bare.isEmpty()) {
          return bare;
        }
      }
      return null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public String next() {
      String row = next;
      if (row == null) {
        throw new NoSuchElementException();
      }
      try {
        next = row();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return row;
    }

    @Override
    public void close() {
      try {
        bytes.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
