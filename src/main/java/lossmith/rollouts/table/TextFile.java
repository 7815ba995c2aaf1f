package lossmith.rollouts.table;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Opens a text file, also a packed one, with or without a byte order mark. Bytes that are no text
 * become U+FFFD, so that a broken text hurts only who reads it.
 */
final class TextFile {
  private static final int BUFFER = 1 << 20;

  private TextFile() {}

  static Reader open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      return open(raw, String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT));
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static Reader open(InputStream raw, String name) throws IOException {
    InputStream unpacked =
        name.endsWith(".gz")
            ? new GZIPInputStream(raw, BUFFER)
            : name.endsWith(".zst") ? new Zstd(raw) : raw;
    PushbackInputStream start = new PushbackInputStream(unpacked, 3);
    byte[] mark = start.readNBytes(3);
    Charset charset = StandardCharsets.UTF_8;
    int skipped = 0;
    if (starts(mark, 0xEF, 0xBB, 0xBF)) {
      skipped = 3;
    } else if (starts(mark, 0xFF, 0xFE)) {
      charset = StandardCharsets.UTF_16LE;
      skipped = 2;
    } else if (starts(mark, 0xFE, 0xFF)) {
      charset = StandardCharsets.UTF_16BE;
      skipped = 2;
    }
    start.unread(mark, skipped, mark.length - skipped);
    return new BufferedReader(
        new InputStreamReader(
            start,
            charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)),
        BUFFER);
  }

  private static boolean starts(byte[] bytes, int... with) {
    return IntStream.range(0, with.length)
        .allMatch(i -> i < bytes.length && (bytes[i] & 0xFF) == with[i]);
  }

  /** What is no zstd is an {@link IOException}, as it is of other packings. */
  private static final class Zstd extends FilterInputStream {
    Zstd(InputStream packed) {
      super(new ZstdInputStream(packed));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      try {
        return super.read(to, from, length);
      } catch (RuntimeException e) {
        throw new IOException("no zstd: " + e.getMessage(), e);
      }
    }
  }
}
