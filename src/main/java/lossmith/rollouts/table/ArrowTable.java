package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lossmith.dsl.ProblemException;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;

/**
 * Rows of an Arrow file (also called Feather) or stream, batch by batch. Lists of numbers go from
 * Arrow's memory into a column as they are; every other value is read as if it stood in JSON.
 */
final class ArrowTable {
  /** How a file begins and ends; between the two stands a stream, and behind it an index. */
  private static final byte[] FILE = "ARROW1".getBytes(StandardCharsets.US_ASCII);

  /** The stream of a file begins at a multiple of eight. */
  private static final int STREAM = 8;

  /** How every message begins since 2019, so how a stream does. */
  private static final byte[] MESSAGE = {-1, -1, -1, -1};

  private static final byte[] OLD_FEATHER = "FEA1".getBytes(StandardCharsets.US_ASCII);

  private final Wanted wanted;
  private final JsonValues json;
  private final ArrowStreamReader reader;

  private ArrowTable(Wanted wanted, ArrowStreamReader reader) {
    this.wanted = wanted;
    this.json = new JsonValues(wanted);
    this.reader = reader;
  }

  static int read(Path file, Wanted wanted, int first) throws IOException {
    BufferAllocator memory = new RootAllocator(wanted.budget().tables());
    int rows;
    try (SeekableByteChannel bytes = Files.newByteChannel(file);
        ArrowStreamReader reader = reader(bytes, memory)) {
      rows = new ArrowTable(wanted, reader).rows(first);
    } catch (ProblemException | UncheckedIOException known) {
      throw known;
    } catch (OutOfMemoryException | OutOfMemoryError e) {
      // Lengths that are wrong ask for what no machine has.
      throw wanted.budget().tooSmall("a batch of the file, or lengths in it that are right");
    } catch (StackOverflowError e) {
      throw new MalformedFile("nested more than " + JsonValues.DEPTH + " deep");
    } catch (RuntimeException e) {
      // What Arrow throws of bytes that mean nothing has many names, and seldom a message.
      throw new IOException("its bytes are no Arrow messages", e);
    }
    // Where reading fails, Arrow itself keeps some of it and would complain here.
    memory.close();
    return rows;
  }

  private static ArrowStreamReader reader(SeekableByteChannel bytes, BufferAllocator memory)
      throws IOException {
    SeekableByteChannel stream = bytes.position(stream(bytes));
    return new ArrowStreamReader(
        new MessageChannelReader(new Bytes(stream), memory), memory, new ArrowPacking());
  }

  /** {@return where the stream of messages begins} */
  private static int stream(SeekableByteChannel bytes) throws IOException {
    byte[] start = at(bytes, 0, FILE.length);
    if (Arrays.equals(start, 0, OLD_FEATHER.length, OLD_FEATHER, 0, OLD_FEATHER.length)) {
      throw new MalformedFile("Feather of version 1, which has no lists; version 2 is read");
    }
    if (Arrays.equals(start, 0, MESSAGE.length, MESSAGE, 0, MESSAGE.length)) {
      return 0;
    }
    if (!Arrays.equals(start, FILE)) {
      throw new MalformedFile("it begins neither as an Arrow file nor as a stream");
    }
    if (!Arrays.equals(at(bytes, bytes.size() - FILE.length, FILE.length), FILE)) {
      throw new MalformedFile("it does not end as an Arrow file does");
    }
    return STREAM;
  }

  private static byte[] at(SeekableByteChannel bytes, long position, int count) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(count);
    bytes.position(Math.max(0, position));
    while (found.hasRemaining() && bytes.read(found) >= 0) {}
    return found.array();
  }

  private int rows(int first) throws IOException {
    int row = first;
    for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
      wanted.knows(vector.getName());
    }
    while (reader.loadNextBatch()) {
      int rows = reader.getVectorSchemaRoot().getRowCount();
      for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
        read(vector, row, rows);
      }
      for (int i = 0; i < rows; i++) {
        wanted.sawRow();
      }
      row += rows;
    }
    return row;
  }

  private void read(FieldVector vector, int first, int rows) throws IOException {
    Wanted.Place place = wanted.place(vector.getName());
    if (!place.asked && !(vector instanceof StructVector && wanted.asked(vector.getName() + "."))) {
      return;
    }
    ArrowLists lists = ArrowLists.of(vector);
    if (lists != null && ArrowValues.isNumber(lists.entries())) {
      numbers(vector, lists, place.column, first, rows);
      return;
    }
    for (int i = 0; i < rows; i++) {
      value(vector, i, first + i, place);
    }
  }

  private static void numbers(
      FieldVector vector, ArrowLists lists, CellColumn column, int first, int rows) {
    FieldVector entries = lists.entries();
    for (int i = 0; i < rows; i++) {
      if (vector.isNull(i)) {
        column.nothing(first + i);
        continue;
      }
      column.open(first + i, CellColumn.Kind.LIST);
      for (int at = lists.start(i); at < lists.end(i); at++) {
        column.add(entries.isNull(at) ? CellColumn.NO_ENTRY : ArrowValues.number(entries, at));
      }
      column.close();
    }
  }

  private void value(FieldVector vector, int index, int row, Wanted.Place place)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JsonValues.FACTORY.createGenerator(text)) {
      new ArrowValues(reader, generator).write(vector, index);
    }
    try (JsonParser parser = JsonValues.FACTORY.createParser(text.toString())) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        json.object(parser, row, place);
      } else {
        JsonValues.value(parser, row, place.column);
      }
    }
  }

  /**
   * Reads bytes into Arrow's memory by way of Java's: the direct way asks for a package of the JDK
   * that is closed to programs that nobody started with {@code --add-opens}.
   */
  private static final class Bytes extends ReadChannel {
    private static final int STEP = 1 << 16;

    Bytes(SeekableByteChannel bytes) {
      super(bytes);
    }

    @Override
    public long readFully(ArrowBuf to, long length) throws IOException {
      ByteBuffer step = ByteBuffer.allocate((int) Math.min(length, STEP));
      long done = 0;
      while (done < length) {
        int some = readFully(step.clear().limit((int) Math.min(step.capacity(), length - done)));
        if (some <= 0) {
          break;
        }
        to.setBytes(done, step.array(), 0, some);
        done += some;
      }
      to.writerIndex(done);
      return done;
    }
  }
}
