package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipFile;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberFileTest {
  @Test
  void whatIsWrittenIsRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("numbers.npz");
    float[] some = {1.5f, -0.0f, Float.MIN_VALUE};
    NumberFile.empty().with("some", some).with("counts", 1e300, 3).write(file);
    NumberFile read = NumberFile.read(file);
    assertArrayEquals(some, read.floats("some"));
    assertArrayEquals(new double[] {1e300, 3}, read.doubles("counts"));
    assertThrows(ProblemException.class, () -> read.floats("other"));
  }

  /** The format as NumPy documents it: magic, version 1.0, header of a multiple of 64 bytes. */
  @Test
  void anArrayIsInTheFormatOfNumPy(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("numbers.npz");
    NumberFile.empty().with("some", new float[] {1, 2, 3}).write(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("some.npy")).readAllBytes();
      ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      assertArrayEquals(
          new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, Arrays.copyOf(bytes, 8));
      int size = all.getShort(8);
      assertEquals(0, (size + 10) % 64);
      String header = new String(bytes, 10, size, StandardCharsets.US_ASCII);
      assertTrue(
          header.startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"), header);
      assertTrue(header.endsWith("\n"), header);
      assertEquals(10 + size + 12, bytes.length);
      assertEquals(2, all.getFloat(10 + size + 4));
    }
  }

  @Test
  void aDamagedFileIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("numbers.npz");
    NumberFile.empty().with("some", new float[] {1, 2, 3}).write(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    refused(Files.write(folder.resolve("damaged.npz"), bytes));
    for (int size : new int[] {0, 1, bytes.length / 2, bytes.length / 3}) {
      refused(Files.write(folder.resolve("cut-" + size + ".npz"), Arrays.copyOf(bytes, size)));
    }
  }

  private static void refused(Path file) {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> NumberFile.read(file).floats("some"));
    assertTrue(
        String.valueOf(refused.getMessage()).contains(file + ", which is cut off or damaged"),
        String.valueOf(refused.getMessage()));
  }
}
