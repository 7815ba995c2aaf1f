package lossmith.rollouts;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Arrays in the NumPy format, version 1.0. */
public final class NpyFile {
  private NpyFile() {}

  public static byte[] doubles(double[][] rows) {
    String dict =
        "{'descr': '<f8', 'fortran_order': False, 'shape': ("
            + rows.length
            + ", "
            + rows[0].length
            + "), }\n";
    byte[] header = dict.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file =
        ByteBuffer.allocate(10 + header.length + 8 * rows.length * rows[0].length)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0);
    file.putShort((short) header.length).put(header);
    for (double[] row : rows) {
      for (double x : row) {
        file.putDouble(x);
      }
    }
    return file.array();
  }
}
