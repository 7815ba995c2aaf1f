package lossmith.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of numbers that only grows: in memory while a budget lasts, beyond it in a temporary
 * file that has no name, so that nothing is left of it whatever ends the process. Its file is
 * closed when nobody reads the store any more. One thread adds; when all is there, several may
 * read.
 */
public final class NumberStore {
  private static final int BITS = 15;
  private static final int BLOCK = 1 << BITS;
  private static final int BYTES = BLOCK * Double.BYTES;
  private static final Cleaner CLEANER = Cleaner.create();

  private final MemoryBudget budget;

  /** Outside Java's heap, which grows to a multiple of what lives in it. */
  private final List<DoubleBuffer> blocks = new ArrayList<>();

  private double[] last = new double[1024];
  private long size;

  private @Nullable FileChannel file;
  private long filed;
  private @Nullable ByteBuffer moved;

  private @Nullable DoubleBuffer read;
  private long readBlock = -1;

  /**
   * An empty store.
   *
   * @param budget what of it may be in memory
   */
  public NumberStore(MemoryBudget budget) {
    this.budget = budget;
  }

  /** {@return how many numbers it has} */
  public long size() {
    return size;
  }

  /** Adds a number at the end. */
  public void add(double number) {
    int at = (int) (size & (BLOCK - 1));
    if (at == 0 && size > 0) {
      keep(last);
    } else if (at == last.length) {
      last = Arrays.copyOf(last, 2 * at);
    }
    last[at] = number;
    size++;
  }

  /** {@return a number by its place} */
  public double get(long at) {
    int in = (int) (at & (BLOCK - 1));
    long block = at >> BITS;
    if (block == blocks.size() + filed) {
      return last[in];
    }
    if (block < blocks.size()) {
      return blocks.get((int) block).get(in);
    }
    synchronized (this) {
      return filed(block).get(in);
    }
  }

  /** Copies numbers from a place on into an array. */
  public void copy(long from, double[] to, int start, int length) {
    int done = 0;
    while (done < length) {
      long at = from + done;
      int in = (int) (at & (BLOCK - 1));
      int part = Math.min(length - done, BLOCK - in);
      long block = at >> BITS;
      if (block == blocks.size() + filed) {
        System.arraycopy(last, in, to, start + done, part);
      } else if (block < blocks.size()) {
        DoubleBuffer unused = blocks.get((int) block).get(in, to, start + done, part);
      } else {
        synchronized (this) {
          DoubleBuffer unused = filed(block).get(in, to, start + done, part);
        }
      }
      done += part;
    }
  }

  /** A block that is in the file; the next that is asked for takes its place. */
  private DoubleBuffer filed(long block) {
    DoubleBuffer known = read;
    if (known == null || block != readBlock) {
      known = load(block - blocks.size());
      read = known;
      readBlock = block;
    }
    return known;
  }

  private void keep(double[] block) {
    if (file == null && budget.take(BYTES)) {
      blocks.add(empty().asDoubleBuffer().put(block).flip());
      return;
    }
    try {
      FileChannel to = file == null ? open() : file;
      ByteBuffer bytes = bytes();
      DoubleBuffer unused = bytes.asDoubleBuffer().put(block);
      long at = filed * BYTES;
      while (bytes.hasRemaining()) {
        at += to.write(bytes, at);
      }
      filed++;
    } catch (IOException e) {
      throw new UncheckedIOException("no room for numbers in the temporary folder", e);
    }
  }

  private DoubleBuffer load(long block) {
    ByteBuffer bytes = bytes();
    try {
      FileChannel from = Objects.requireNonNull(file);
      while (bytes.hasRemaining()) {
        if (from.read(bytes, block * BYTES + bytes.position()) < 0) {
          throw new IOException("a temporary file was cut off");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.flip().asDoubleBuffer();
  }

  /** The bytes of one block on their way to the file or from it. */
  private ByteBuffer bytes() {
    ByteBuffer bytes = moved == null ? empty() : moved;
    moved = bytes;
    readBlock = -1;
    return bytes.clear();
  }

  private static ByteBuffer empty() {
    return ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
  }

  private FileChannel open() throws IOException {
    Path path = Files.createTempFile("lossmith", ".numbers");
    FileChannel made =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      Files.delete(path);
    } catch (IOException named) {
      // Where a file that is open must keep its name it goes when it is closed.
    }
    var unused = CLEANER.register(this, () -> close(made));
    file = made;
    return made;
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nobody can do anything about it.
      return;
    }
  }
}
