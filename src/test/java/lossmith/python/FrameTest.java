package lossmith.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Frames byte by byte, and what is none. */
final class FrameTest {
  /** A frame as its definition says: length, header, numbers. */
  private static byte[] bytes(String header, double... numbers) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(4 + text.length + 8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    all.putInt(text.length).put(text);
    Arrays.stream(numbers).forEach(all::putDouble);
    return all.array();
  }

  private static Frame read(byte[] bytes) throws IOException {
    return Frame.read(new ByteArrayInputStream(bytes));
  }

  @Test
  void numbersComeInTheirShape() throws Exception {
    String header =
        "{\"ok\":true,\"arrays\":[{\"name\":\"a\",\"shape\":[2,2]},{\"name\":\"b\",\"shape\":[1]}]}";
    Frame frame = read(bytes(header, 1, Double.NaN, Double.NEGATIVE_INFINITY, -0.0, 5));
    assertTrue(frame.header().get("ok").asBoolean());
    assertArrayEquals(
        new double[] {1, Double.NaN, Double.NEGATIVE_INFINITY, -0.0},
        frame.arrays().get("a").get().values());
    assertArrayEquals(new int[] {2, 2}, frame.arrays().get("a").get().shape());
    assertArrayEquals(new double[] {5}, frame.arrays().get("b").get().values());
  }

  @Test
  void numbersGoAsTheyAreOrAsIntegers() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frame.of(Frame.asking("call"))
        .with("x", new double[] {0.1, -3}, false, 1, 2)
        .with("g", new double[] {7}, true, 1)
        .write(out);
    ByteBuffer sent = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] head = new byte[sent.getInt()];
    sent.get(head);
    assertEquals(
        "{\"op\":\"call\",\"arrays\":[{\"name\":\"x\",\"type\":\"float64\",\"shape\":[1,2]},"
            + "{\"name\":\"g\",\"type\":\"int64\",\"shape\":[1]}]}",
        new String(head, StandardCharsets.UTF_8));
    assertEquals(0.1, sent.getDouble());
    assertEquals(-3, sent.getDouble());
    assertEquals(7, sent.getLong());
    assertEquals(0, sent.remaining());
  }

  @Test
  void whatIsNoFrameIsRefused() {
    assertThrows(EOFException.class, () -> read(new byte[0]));
    assertThrows(EOFException.class, () -> read(new byte[] {9, 0}));
    assertThrows(IOException.class, () -> read("Hello, world".getBytes(StandardCharsets.UTF_8)));
    assertThrows(IOException.class, () -> read(bytes("[1]")));
    assertThrows(IOException.class, () -> read(bytes("{\"a\":")));
    String cut = "{\"arrays\":[{\"name\":\"a\",\"shape\":[2]}]}";
    assertThrows(EOFException.class, () -> read(bytes(cut, 1)));
    String huge = "{\"arrays\":[{\"name\":\"a\",\"shape\":[2000000000,2000000000]}]}";
    assertThrows(ArithmeticException.class, () -> read(bytes(huge)));
  }
}
