package lossmith.rollouts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Grid;

/**
 * Two-dimensional arrays in the NumPy file format: float32 or float64, C order, mapped and not
 * copied.
 */
final class Npy {
  private static final Pattern DESCR = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*False");
  private static final Pattern SHAPE =
      Pattern.compile("'shape':\\s*\\((\\d{1,18}),\\s*(\\d{1,18}),?\\s*\\)");
  private static final int PREFIX = 12;
  private static final long SEGMENT = 1L << 30;

  private Npy() {}

  static Grid read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw problem(file, Files.isDirectory(file) ? "a directory" : "no such file");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
      if (channel.read(prefix, 0) < PREFIX
          || prefix.get(0) != (byte) 0x93
          || !"NUMPY".equals(ascii(prefix, 1, 5))) {
        throw problem(file, "no NumPy file");
      }
      int start = prefix.get(6) == 1 ? 10 : 12;
      int length = prefix.get(6) == 1 ? Short.toUnsignedInt(prefix.getShort(8)) : prefix.getInt(8);
      if (length < 0 || length > channel.size() - start) {
        throw problem(file, "cut off inside its header");
      }
      ByteBuffer header = ByteBuffer.allocate(length);
      if (channel.read(header, start) < length) {
        throw problem(file, "cut off inside its header");
      }
      return grid(file, channel, ascii(header, 0, length), (long) start + length);
    } catch (IOException e) {
      throw problem(file, String.valueOf(e.getMessage()));
    }
  }

  private static Grid grid(Path file, FileChannel channel, String header, long at)
      throws IOException {
    Matcher descr = DESCR.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!descr.find() || !shape.find() || !ORDER.matcher(header).find()) {
      throw problem(file, "the header " + header.strip());
    }
    boolean single = descr.group(1).equals("<f4");
    if (!single && !descr.group(1).equals("<f8")) {
      throw problem(file, "numbers of type " + descr.group(1));
    }
    long rows = Long.parseLong(shape.group(1));
    long width = Long.parseLong(shape.group(2));
    long rowBytes = Math.min(width, SEGMENT) * (single ? Float.BYTES : Double.BYTES);
    if (width < 1 || rows < 1 || rows > Integer.MAX_VALUE || rowBytes > SEGMENT) {
      throw problem(file, "the shape (" + rows + ", " + width + ")");
    }
    if (channel.size() != at + rows * rowBytes) {
      throw problem(
          file,
          (channel.size() - at) + " bytes of numbers where its shape asks for " + rows * rowBytes);
    }
    int perSegment = (int) Math.min(rows, SEGMENT / rowBytes);
    ByteBuffer[] segments = new ByteBuffer[(int) ((rows + perSegment - 1) / perSegment)];
    for (int i = 0; i < segments.length; i++) {
      long first = (long) i * perSegment;
      long size = Math.min(perSegment, rows - first) * rowBytes;
      segments[i] =
          channel
              .map(FileChannel.MapMode.READ_ONLY, at + first * rowBytes, size)
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    return new Grid((int) rows, (int) width, entry(segments, perSegment, (int) rowBytes, single));
  }

  private static Grid.Entry entry(
      ByteBuffer[] segments, int perSegment, int rowBytes, boolean single) {
    return (row, column) -> {
      ByteBuffer segment = segments[row / perSegment];
      int base = row % perSegment * rowBytes;
      return single
          ? segment.getFloat(base + column * Float.BYTES)
          : segment.getDouble(base + column * Double.BYTES);
    };
  }

  private static String ascii(ByteBuffer bytes, int from, int length) {
    byte[] text = new byte[length];
    ByteBuffer unused = bytes.get(from, text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static RuntimeException problem(Path file, String what) {
    return Problem.of(
            "logits",
            file + ": " + what,
            "a NumPy file of little-endian float32 or float64, C order, shape (tokens, vocabulary)",
            "numpy.save(path, logits.astype('float32'))")
        .exception();
  }
}
