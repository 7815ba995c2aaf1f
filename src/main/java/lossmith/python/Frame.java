package lossmith.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What goes to the driver or comes from it: the length of a header (4 bytes, little-endian), the
 * header in JSON, and the numbers of the arrays that it lists, 8 bytes each.
 *
 * @param header what is asked or answered
 * @param arrays the numbers, by name
 */
record Frame(ObjectNode header, Map<String, Numbers> arrays) {
  /** The longest header that is believed: more is no frame. */
  private static final int LONGEST = 1 << 26;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Numbers of a shape.
   *
   * @param shape the sizes
   * @param values as many numbers
   * @param whole whether they go as integers
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes them
  record Numbers(int[] shape, double[] values, boolean whole) {}

  /** {@return a frame without arrays} */
  static Frame of(ObjectNode header) {
    return new Frame(header, LinkedHashMap.empty());
  }

  /** {@return a header that asks for something} */
  static ObjectNode asking(String what) {
    return JSON.createObjectNode().put("op", what);
  }

  /** {@return the same with one array more} */
  Frame with(String name, double[] values, boolean whole, int... shape) {
    return new Frame(header, arrays.put(name, new Numbers(shape, values, whole)));
  }

  void write(OutputStream to) throws IOException {
    ObjectNode head = header.deepCopy();
    var list = head.putArray("arrays");
    int count = 0;
    for (var array : arrays) {
      ObjectNode one = list.addObject().put("name", array._1);
      one.put("type", array._2.whole ? "int64" : "float64");
      one.set("shape", JSON.valueToTree(array._2.shape));
      count += array._2.values.length;
    }
    byte[] text = JSON.writeValueAsBytes(head);
    ByteBuffer bytes =
        ByteBuffer.allocate(4 + text.length + Double.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(text.length).put(text);
    for (Numbers array : arrays.values()) {
      for (double x : array.values) {
        if (array.whole) {
          bytes.putLong((long) x);
        } else {
          bytes.putDouble(x);
        }
      }
    }
    to.write(bytes.array());
    to.flush();
  }

  /**
   * {@return the next frame}
   *
   * @throws EOFException where there is none
   * @throws IOException where it is no frame
   */
  static Frame read(InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(from);
    int length = Integer.reverseBytes(in.readInt());
    if (length < 0 || length > LONGEST) {
      throw new IOException("a header of " + length + " bytes");
    }
    if (!(JSON.readTree(in.readNBytes(length)) instanceof ObjectNode header)) {
      throw new IOException("a header that is no JSON object");
    }
    Map<String, Numbers> arrays = LinkedHashMap.empty();
    for (JsonNode array : header.path("arrays")) {
      int[] shape = JSON.convertValue(array.path("shape"), int[].class);
      int size = 1;
      for (int n : shape) {
        size = Math.multiplyExact(size, n);
      }
      byte[] bytes = in.readNBytes(Math.multiplyExact(Double.BYTES, size));
      if (bytes.length < Double.BYTES * size) {
        throw new EOFException("an array that is cut off");
      }
      double[] values = new double[size];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
      arrays = arrays.put(array.path("name").asText(), new Numbers(shape, values, false));
    }
    return new Frame(header, arrays);
  }
}
